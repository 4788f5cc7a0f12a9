// SPDX-License-Identifier: GPL-2.0-only

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Threads that keep a window of objects alive and drop the rest, and check what they still have. */
public class Churn implements Runnable {
	private static final int WINDOW = 4000;

	private final long seed;
	private final long end;
	private long rounds;
	private String wrong;

	private Churn(long seed, long end) {
		this.seed = seed;
		this.end = end;
	}

	private static long[] block(long seed) {
		Random random = new Random(seed);
		long[] words = new long[16 + random.nextInt(240)];
		long value = seed;

		for (int i = 0; i < words.length; i++) {
			value = value * 6364136223846793005L + 1442695040888963407L;
			words[i] = value;
		}
		return words;
	}

	private static boolean same(long[] words, long seed) {
		long value = seed;

		for (long word : words) {
			value = value * 6364136223846793005L + 1442695040888963407L;
			if (word != value)
				return false;
		}
		return true;
	}

	public void run() {
		long[][] window = new long[WINDOW][];

		for (long next = 0; System.nanoTime() < end || next < 2 * WINDOW; next++) {
			int slot = (int) (next % WINDOW);

			if (window[slot] != null && !same(window[slot], seed + next - WINDOW)) {
				wrong = "block " + (next - WINDOW) + " is not what it was";
				return;
			}
			window[slot] = block(seed + next);
			rounds = next;
		}
	}

	public static void main(String[] arguments) throws InterruptedException {
		long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1000000000L;
		List<Churn> churns = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		long blocks = 0;

		for (int i = 0; i < 2; i++) {
			churns.add(new Churn(i * 1000000007L, end));
			threads.add(new Thread(churns.get(i)));
			threads.get(i).start();
		}
		for (int i = 0; i < 2; i++) {
			threads.get(i).join();
			if (churns.get(i).wrong != null || churns.get(i).rounds == 0) {
				System.err.println("thread " + i + ": " + churns.get(i).wrong);
				System.exit(1);
			}
			blocks += churns.get(i).rounds;
		}
		System.out.println(blocks + " blocks");
	}
}
