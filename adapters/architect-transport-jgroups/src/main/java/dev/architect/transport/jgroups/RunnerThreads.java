package dev.architect.transport.jgroups;

import dev.architect.thread.ThreadRunner;
import org.jgroups.util.ThreadFactory;

/** All threads of JGroups come from here, so that none outlives its runner. */
final class RunnerThreads implements ThreadFactory {

    private final java.util.concurrent.ThreadFactory threads;

    RunnerThreads(ThreadRunner runner) {
        this.threads = runner.factory("jgroups");
    }

    @Override
    public Thread newThread(Runnable work) {
        return threads.newThread(work);
    }

    @Override
    public Thread newThread(Runnable work, String name) {
        return threads.newThread(work);
    }

    @Override
    public boolean useVirtualThreads() {
        return false;
    }

    @Override
    public void setPattern(String pattern) {}

    @Override
    public void setIncludeClusterName(boolean isIncluded) {}

    @Override
    public void setClusterName(String name) {}

    @Override
    public void setAddress(String address) {}

    @Override
    public void renameThread(String baseName, Thread thread) {}
}
