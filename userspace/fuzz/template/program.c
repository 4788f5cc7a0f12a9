// SPDX-License-Identifier: GPL-2.0-only

/* The device, by its netlink interface: devtlb.h describes it. */

static int device_fd;
static uint16_t device_family;
static uint32_t device_pasid[2 * ACTORS];
static int device_findings;

struct message {
	struct nlmsghdr header;
	struct genlmsghdr command;
	char attributes[4096];
};

static void message_put(struct message *message, int type, const void *value,
			size_t size)
{
	struct nlattr *attribute = (void *)((char *)message + message->header.nlmsg_len);

	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + size;
	if (size)
		memcpy((char *)attribute + NLA_HDRLEN, value, size);
	message->header.nlmsg_len += NLA_ALIGN(attribute->nla_len);
}

/* The attribute of a message, or NULL. */
static void *message_get(struct message *message, int type)
{
	char *at = message->attributes;
	char *end = (char *)message + message->header.nlmsg_len;

	while (at + NLA_HDRLEN <= end) {
		struct nlattr *attribute = (void *)at;

		if (attribute->nla_type == type)
			return at + NLA_HDRLEN;
		at += NLA_ALIGN(attribute->nla_len);
	}
	return NULL;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/*
 * Sends a request; calls @take for each message that comes back. Returns what the
 * device says: 0 or a negative errno.
 */
static int ask(uint16_t type, struct message *request, int command, int flags,
	       void (*take)(struct message *message))
{
	static char buffer[65536];

	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | flags;
	request->command.cmd = command;
	request->command.version = 1;
	if (send(device_fd, request, request->header.nlmsg_len, 0) < 0)
		die("send to the device");
	for (;;) {
		long left = recv(device_fd, buffer, sizeof(buffer), 0);
		struct nlmsghdr *header = (void *)buffer;

		if (left < 0)
			die("receive from the device");
		for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
			if (header->nlmsg_type == NLMSG_ERROR ||
			    header->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(header);
			if (take)
				take((struct message *)header);
		}
	}
}

static struct message new_message(void)
{
	return (struct message) { .header.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN };
}

static void take_family(struct message *message)
{
	device_family = *(uint16_t *)message_get(message, CTRL_ATTR_FAMILY_ID);
}

static void device_open(void)
{
	struct message message = new_message();

	device_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	message_put(&message, CTRL_ATTR_FAMILY_NAME, DEVTLB_GENL_NAME,
		    sizeof(DEVTLB_GENL_NAME));
	if (ask(GENL_ID_CTRL, &message, CTRL_CMD_GETFAMILY, NLM_F_ACK, take_family) ||
	    !device_family) {
		fprintf(stderr, "the module devtlb is not loaded\n");
		exit(2);
	}
}

static uint32_t new_pasid;

static void take_pasid(struct message *message)
{
	new_pasid = *(uint32_t *)message_get(message, DEVTLB_A_PASID_ID);
}

static void device_spoil(uint32_t pasid)
{
	int i;

	for (i = 0; mutants[i].kind; i++) {
		struct message message = new_message();

		message_put(&message, DEVTLB_A_MUTANT_PASID, &pasid, sizeof(pasid));
		message_put(&message, DEVTLB_A_MUTANT_KIND, &mutants[i].kind,
			    sizeof(mutants[i].kind));
		if (*mutants[i].site)
			message_put(&message, DEVTLB_A_MUTANT_SITE, mutants[i].site,
				    strlen(mutants[i].site) + 1);
		if (ask(device_family, &message, DEVTLB_CMD_MUTANT_ADD, NLM_F_ACK, NULL))
			fprintf(stderr, "the device does not take a mutant\n");
	}
}

/* To a device that holds whole pages, and to one that holds pieces of them. */
static void device_bind(int actor, uint32_t pid)
{
	int fracture;

	for (fracture = 0; fracture < 2; fracture++) {
		struct message message = new_message();

		message_put(&message, DEVTLB_A_PASID_PID, &pid, sizeof(pid));
		if (fracture)
			message_put(&message, DEVTLB_A_PASID_FRACTURE, NULL, 0);
		if (ask(device_family, &message, DEVTLB_CMD_PASID_BIND, NLM_F_ACK,
			take_pasid)) {
			fprintf(stderr, "cannot bind process %u\n", pid);
			exit(2);
		}
		device_pasid[2 * actor + fracture] = new_pasid;
		device_spoil(new_pasid);
	}
}

/* The device holds whatever is present. */
static void device_hold(void)
{
	struct message message = new_message();
	uint64_t start = ARENA_START, size = ARENA_PAGES * PAGE;

	message_put(&message, DEVTLB_A_PREFETCH_VA, &start, sizeof(start));
	message_put(&message, DEVTLB_A_PREFETCH_SIZE, &size, sizeof(size));
	if (HOLD_WRITE)
		message_put(&message, DEVTLB_A_PREFETCH_WRITE, NULL, 0);
	if (ask(device_family, &message, DEVTLB_CMD_PREFETCH, NLM_F_ACK, NULL))
		fprintf(stderr, "the device does not hold it all\n");
}

static void take_finding(struct message *message)
{
	static const char rules[] = "?ABCD";
	uint32_t rule = *(uint32_t *)message_get(message, DEVTLB_A_FINDING_RULE);
	uint64_t *at = message_get(message, DEVTLB_A_FINDING_AT);

	device_findings++;
	printf("a finding of rule %c, at page %ld\n", rules[rule % 5],
	       (long)(*at - ARENA_START) / PAGE);
}

/* Does the device still hold what it should not? */
static void device_judge(void)
{
	struct message audit = new_message();
	int i;

	ask(device_family, &audit, DEVTLB_CMD_AUDIT, NLM_F_ACK, NULL);
	for (i = 0; i < 2 * ACTORS; i++) {
		struct message message = new_message();

		if (!device_pasid[i])
			continue;
		message_put(&message, DEVTLB_A_FINDING_PASID, &device_pasid[i],
			    sizeof(device_pasid[i]));
		ask(device_family, &message, DEVTLB_CMD_FINDING_GET, NLM_F_DUMP,
		    take_finding);
	}
}

/* The actors, who connect to us. */

static int listener;
static int actor_socket[ACTORS];
static long actor_pid[ACTORS];
/* Performs in the background. */
static int actor_busy[ACTORS];
static struct answer answer;

static void listen_for_actors(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(address);

	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&address, sizeof(sa_family_t)) ||
	    listen(listener, ACTORS) ||
	    getsockname(listener, (struct sockaddr *)&address, &length))
		die("listen");
	memcpy(actor_address, address.sun_path + 1,
	       length - offsetof(struct sockaddr_un, sun_path) - 1);
}

static int actor_answers(int fd)
{
	return recv(fd, &answer, sizeof(answer), 0) > 0;
}

static void actor_take(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0 || !actor_answers(fd))
		die("a new actor");
	actor_socket[answer.actor] = fd;
	actor_pid[answer.actor] = answer.pid;
	device_bind(answer.actor, answer.pid);
}

static void actors_finish(void)
{
	int i;

	for (i = 0; i < ACTORS; i++) {
		if (actor_busy[i])
			actor_answers(actor_socket[i]);
		actor_busy[i] = 0;
	}
}

long perform_order(const struct order *order)
{
	return steps[order->operation].perform(order->argument);
}

/* Returns whether the memory reads as it must. */
static int perform(int number)
{
	const struct step *step = &steps[number];
	struct order order = { .operation = number };
	int i;

	for (i = 0; i < 7; i++)
		order.argument[i] = step->actors & 1U << i ?
				    actor_pid[step->argument[i]] : step->argument[i];
	send(actor_socket[step->actor], &order, sizeof(order), MSG_NOSIGNAL);
	actor_busy[step->actor] = step->background;
	if (step->background)
		return 1;
	/* Who does not answer has ended, or executed something. */
	if (!actor_answers(actor_socket[step->actor]))
		answer.result = 0;
	printf("step %d: %ld\n", number, answer.result);
	if (step->word >= 0 && step->word < answer.nr_words &&
	    answer.word[step->word] != step->expected) {
		printf("word %ld is %" PRIu64 ", not %" PRIu64 "\n", step->word,
		       answer.word[step->word], step->expected);
		return 0;
	}
	if (answer.result >= 0 && NEW_ACTOR(step))
		actor_take();
	return 1;
}

/* Is anybody busy? Then the device held what it holds before that began. */
static int actors_are_busy(void)
{
	int i, busy = 0;

	for (i = 0; i < ACTORS; i++)
		busy |= actor_busy[i];
	return busy;
}

/* Whoever is busy is waited for. Returns whether anything was found. */
static int settle(void)
{
	actors_finish();
	device_judge();
	return device_findings;
}

/*
 * The system is to be as it was where this was found: flushes announced by their
 * ranges, and large pages. What this kernel does not have is passed over; what was
 * there is put back.
 */

static struct preference {
	const char *path;
	const char *value;
	char before[64];
} preferences[] = {
	{ "/sys/kernel/debug/x86/tlb_single_page_flush_ceiling", "262144", "" },
	{ "/sys/kernel/mm/transparent_hugepage/enabled", "always", "" },
	{ "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled", "always", "" },
};

#define PREFERENCES	(sizeof(preferences) / sizeof(preferences[0]))

static pid_t program_pid;

static int setting_write(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");

	return file && fputs(value, file) >= 0 && fclose(file) == 0;
}

/* Of a list of choices the one in brackets. */
static int setting_read(const char *path, char *value, size_t size)
{
	FILE *file = fopen(path, "r");
	char line[64] = "", *start, *end;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	start = strchr(line, '[');
	start = start ? start + 1 : line;
	end = start + strcspn(start, "]\n");
	snprintf(value, size, "%.*s", (int)(end - start), start);
	return value[0];
}

static void preferences_put_back(void)
{
	size_t i;

	for (i = 0; i < PREFERENCES && getpid() == program_pid; i++) {
		if (preferences[i].before[0])
			setting_write(preferences[i].path, preferences[i].before);
	}
}

static void preferences_set(void)
{
	size_t i;

	program_pid = getpid();
	atexit(preferences_put_back);
	for (i = 0; i < PREFERENCES; i++) {
		if (setting_read(preferences[i].path, preferences[i].before,
				 sizeof(preferences[i].before)))
			setting_write(preferences[i].path, preferences[i].value);
	}
}

/* Exit status 1: it shows what it was written for. */
int main(int argc, char **argv)
{
	int i;

	if (argc == 3 && strncmp(argv[2], ACTOR_OPTION, strlen(ACTOR_OPTION)) == 0)
		actor_resume(argv[2] + strlen(ACTOR_OPTION));
	setvbuf(stdout, NULL, _IOLBF, 0);
	preferences_set();
	listen_for_actors();
	if (fork() == 0) {
		close(listener);
		objects_make();
		actor_be(0);
	}
	device_open();
	actor_take();
	for (i = 0; i < STEPS; i++) {
		/* An actor does one thing at a time. */
		if (actor_busy[steps[i].actor] && settle())
			return 1;
		if (!actors_are_busy())
			device_hold();
		if (!perform(i))
			return 1;
		if (!steps[i].background && settle())
			return 1;
	}
	if (actors_are_busy() && settle())
		return 1;
	printf("nothing found\n");
	return 0;
}
