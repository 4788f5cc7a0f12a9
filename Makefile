# SPDX-License-Identifier: GPL-2.0-only
#
# devtlb, for people; Kbuild is for the kernel's build system.
#
#   make                  the module for the running kernel, and the tool
#   make help             the rest

# Which kernel: a release whose headers are installed, or a built kernel tree.
KVER ?= $(or $(KERNELRELEASE),$(shell uname -r))
KDIR ?= /lib/modules/$(KVER)/build

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
INSTALL ?= install
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' dkms.conf)
# What a kernel tree calls itself; empty when $(KDIR) is not one.
KREL = $(shell sed -n 's/^\#define UTS_RELEASE "\(.*\)"$$/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null)

MODULE_SOURCES := Kbuild dkms.conf $(wildcard module/*.[ch] module/*/*.[ch] uapi/*.h)
# Every object is linked by name: a scenario in an archive would be left out.
TOOL_SOURCES := $(sort $(wildcard userspace/*/*.c))
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=build/%.o)
TOOL_PACKAGES := libnl-3.0 libnl-genl-3.0 json-c
TOOL_CFLAGS = -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Iuserspace -Iuapi \
	-D_GNU_SOURCE -DDEVTLB_VERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(TOOL_PACKAGES))
TOOL_LIBS = $(shell $(PKG_CONFIG) --libs $(TOOL_PACKAGES))

.PHONY: all module tool install uninstall modules_install dkms-sources dkms-install dkms-uninstall deb \
	demo check fuzz fuzz-score soak score coverage workloads drop-sites overhead cost check-kernels check-packages check-fresh kasan renamed lint clean help need-kernel need-tool-packages

all: module tool

module: need-kernel
	@$(MAKE) --no-print-directory build/$(KREL)/devtlb.ko
	@cp build/$(KREL)/devtlb.ko devtlb.ko

tool: need-tool-packages
	@$(MAKE) --no-print-directory devtlb

need-kernel:
	@tests/install-packages --explain-kernel "$(KDIR)" "$(KVER)"

need-tool-packages:
	@tests/install-packages --explain tool

# A directory for each kernel, so that one tree serves several.
build/%/devtlb.ko: $(MODULE_SOURCES)
	@mkdir -p build/$*
	@cp -p --parents $(MODULE_SOURCES) build/$*/
	$(MAKE) -C $(KDIR) M=$(CURDIR)/build/$* modules

# For the guests of tests/vm/run that QEMU emulates.
build/%/stale_int3/stale_int3.ko: tests/vm/stale_int3/Kbuild tests/vm/stale_int3/stale_int3.c
	@mkdir -p $(@D)
	@cp -p $^ $(@D)/
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(@D) modules

devtlb: $(TOOL_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(TOOL_OBJECTS) $(TOOL_LIBS) -lpthread

build/userspace/%.o: userspace/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -MMD -MP -c -o $@ $<

# These bring the text of others along.
build/userspace/fuzz/program.o: $(wildcard userspace/operations/*.h userspace/fuzz/template/*)

-include $(TOOL_OBJECTS:.o=.d)

# Test programs for the guest: on the tool's own netlink client.
build/tests/%: tests/guest/%.c build/tests/guest.o $(addprefix build/userspace/,client/client.o client/connection.o client/listener.o client/attributes.o client/attribute_tables.o model/value_names.o model/result.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -o $@ $^ $(TOOL_LIBS)

build/tests/guest.o: tests/guest/guest.c tests/guest/guest.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -c -o $@ $<

# Programs that know nothing of devtlb.
build/tests/programs/%: tests/guest/programs/%.c tests/guest/programs/program.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -std=gnu11 -Wall -Wextra -Wno-unused-parameter -D_GNU_SOURCE -o $@ $< -lpthread $(LIBS_$*)

LIBS_io-uring := -luring

# The tool as of another version, for the test of what it says then.
build/tests/devtlb-%: $(TOOL_SOURCES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -UDEVTLB_VERSION -DDEVTLB_VERSION='"$*"' -o $@ $^ $(TOOL_LIBS)

# The programs that "devtlb fuzz" writes, one for each operation.
build/tests/write_programs: tests/unit/write_programs.c $(filter-out build/userspace/cli/main.o,$(TOOL_OBJECTS))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -o $@ $^ $(TOOL_LIBS) -lpthread

# The tool that waits while it begins, for the test of what it hears of then.
build/tests/devtlb-held: $(TOOL_OBJECTS) tests/guest/held.c tests/guest/held.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -Wl,--wrap=client_listen_findings -Wl,--wrap=client_findings \
		-o $@ tests/guest/held.c $(TOOL_OBJECTS) $(TOOL_LIBS) -lpthread

# The tool without the names of kernel functions, for the test that they decide nothing.
build/tests/devtlb-nameless: $(TOOL_SOURCES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -DWITHOUT_NAMES -o $@ $^ $(TOOL_LIBS) -lpthread

install: tool
	$(INSTALL) -D -m 755 devtlb $(DESTDIR)$(SBINDIR)/devtlb
	$(INSTALL) -D -m 644 docs/devtlb.8 $(DESTDIR)$(MANDIR)/man8/devtlb.8

uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/devtlb $(DESTDIR)$(MANDIR)/man8/devtlb.8

# 6.1 would choose extra/ by itself, later kernels updates/.
modules_install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR)/build/$(KREL) INSTALL_MOD_DIR=updates modules_install

dkms-sources:
	for file in $(MODULE_SOURCES) COPYING; do \
		$(INSTALL) -D -m 644 $$file $(DESTDIR)/usr/src/devtlb-$(VERSION)/$$file || exit; \
	done

# A version that is there already may have been built from other sources.
dkms-install:
	[ -n "$(DESTDIR)" ] || [ -z "$$(dkms status devtlb/$(VERSION))" ] || dkms remove devtlb/$(VERSION) --all
	$(MAKE) --no-print-directory dkms-sources
	[ -n "$(DESTDIR)" ] || for makefile in /lib/modules/*/build/Makefile; do \
		[ -e "$$makefile" ] || { echo "no kernel headers are installed: apt-get install linux-headers-$$(uname -r)"; exit 2; }; \
		kernel=$${makefile#/lib/modules/}; \
		dkms install devtlb/$(VERSION) -k "$${kernel%/build/Makefile}" || [ $$? -eq 77 ] || exit; \
	done

dkms-uninstall:
	for v in $$(dkms status devtlb | sed -n 's,^devtlb[/, ]*\([^,: ]*\).*,\1,p' | sort -u); do \
		dkms remove devtlb/$$v --all; rm -rf /usr/src/devtlb-$$v; \
	done

# In a copy: what a package's build leaves is none of this tree's.
deb:
	@tests/install-packages --explain packages
	rm -rf build/deb
	mkdir -p build/deb/devtlb-$(VERSION)
	tar -c --exclude=./build --exclude=./.git --exclude=./devtlb --exclude=./devtlb.ko . | \
		tar -x -C build/deb/devtlb-$(VERSION)
	cd build/deb/devtlb-$(VERSION) && dpkg-buildpackage -us -uc -b
	rm -rf build/deb/devtlb-$(VERSION)

demo:
	tests/demo

check:
	tests/check $(if $(filter command environment,$(firstword $(origin KDIR))),--kernel "$(KDIR)")

soak:
	tests/soak $(if $(filter command environment,$(firstword $(origin KDIR))),--kernel "$(KDIR)") $(if $(MINUTES),--minutes $(MINUTES))

fuzz: tool
	for kernel in $(or $(KERNELS),6.1 6.12); do \
		tests/vm/run --kernel $$kernel --timeout $$((60 * $(or $(MINUTES),10) + 1200)) -- \
			devtlb fuzz --duration $$((60 * $(or $(MINUTES),10))) || exit; \
	done

fuzz-score: tool
	tests/fuzz-score

score:
	DEVTLB_SCENARIOS=all prove -v tests/mutate.t

coverage:
	tests/coverage

workloads:
	DEVTLB_SECONDS=$(or $(SECONDS),60) DEVTLB_TIMEOUT=7200 prove -v tests/workloads.t

drop-sites:
	tests/drop-sites

overhead:
	tests/overhead

cost:
	tests/cost

check-kernels: tool
	tests/kernels $(KERNELS)

check-packages:
	prove -v tests/packages.t

check-fresh:
	tests/fresh $(SUITES)

kasan: tool
	prove -v tests/kasan.t

renamed: tool
	prove -v tests/renamed.t

lint:
	prove -v tests/lint.t

clean:
	rm -rf build devtlb devtlb.ko

help:
	@echo "make                     module for the running kernel, and the tool"
	@echo "make module KVER=REL     module for another installed kernel"
	@echo "make module KDIR=DIR     module for a built kernel tree"
	@echo "make tool                the tool only (./devtlb)"
	@echo "make demo                in a guest: the quick scenarios on this Debian's kernel (as root)"
	@echo "make check               all tests, on every supported kernel (as root)"
	@echo "make check KDIR=DIR      all scenarios on a kernel tree that you built"
	@echo "make soak MINUTES=30      all scenarios again and again, while the guest is under pressure (as root)"
	@echo "make fuzz MINUTES=10     random operations on memory, with an oracle after each (as root)"
	@echo "make fuzz-score          how soon that finds each mutant that spoils an edge; writes docs/fuzz-score.md (as root)"
	@echo "make score               mutates every notification of every scenario, an hour (as root)"
	@echo "make coverage            writes docs/coverage.md anew (as root)"
	@echo "make workloads SECONDS=60  real programs under the device, each for so long (as root)"
	@echo "make drop-sites          the same with one site's notifications dropped each time, an hour (as root)"
	@echo "make overhead            what devtlb costs stress-ng, half an hour (as root)"
	@echo "make cost                what an access, a fill and a callback cost, in instructions"
	@echo "make kasan               the quick scenarios on kernels with KASAN and lockdep, built once (as root)"
	@echo "make check-kernels       the quick scenarios on all kernels of Debian's, or KERNELS=\"7.3 6.12-rt\"; writes"
	@echo "                         docs/kernels.md (as root)"
	@echo "make renamed             the quick scenarios on a kernel, built once, whose functions have other names (as root)"
	@echo "make check-packages      the life of the Debian packages on Debian 12 and 13 (as root)"
	@echo "make check-fresh         make demo in new roots of Debian 12, 13 and testing, or SUITES=... (as root)"
	@echo "make lint                checkpatch, sparse, gcc and clang warnings, shellcheck"
	@echo "make install             DESTDIR, PREFIX, SBINDIR, MANDIR"
	@echo "make uninstall           what make install installed"
	@echo "make modules_install     KVER or KDIR, INSTALL_MOD_PATH"
	@echo "make dkms-install        for every kernel with headers, now and later"
	@echo "make dkms-uninstall      all versions"
	@echo "make deb                 Debian packages, in build/deb"
	@echo "make clean"
