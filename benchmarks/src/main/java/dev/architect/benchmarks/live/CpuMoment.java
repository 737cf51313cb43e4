package dev.architect.benchmarks.live;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Map;

/**
 * A time, and how long the processors have worked until then.
 *
 * @param nanos of the monotonic clock
 * @param process for this process: engine, server and the submission of tasks
 * @param live of that, for the threads of the live channel
 * @param pages for the process of the pages
 */
record CpuMoment(long nanos, long process, long live, long pages) {

    private static final String LIVE = "-live";
    private static final double HUNDRED = 100;

    static CpuMoment now(PageProcess pages) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new CpuMoment(
                System.nanoTime(),
                system.getProcessCpuTime(),
                live(ManagementFactory.getThreadMXBean()),
                pages.cpuTime().toNanos());
    }

    /** Threads that have ended are not in it; those of the channel go on while pages are open. */
    private static long live(ThreadMXBean threads) {
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains(LIVE)) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    /** The shares of one core between two moments. */
    Map<String, Object> percentUntil(CpuMoment end) {
        long passed = end.nanos - nanos;
        return Map.of(
                "serverCpuPercentOfOneCore", percent(end.process - process, passed),
                "liveCpuPercentOfOneCore", percent(end.live - live, passed),
                "pagesCpuPercentOfOneCore", percent(end.pages - pages, passed));
    }

    private static long percent(long busy, long passed) {
        return Math.round(HUNDRED * busy / passed);
    }
}
