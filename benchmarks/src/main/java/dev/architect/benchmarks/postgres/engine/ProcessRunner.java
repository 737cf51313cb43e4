package dev.architect.benchmarks.postgres.engine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** An engine in another process that performs tasks. What it counts arrives here some milliseconds later. */
final class ProcessRunner implements PostgresEngine.TaskRunner {

    private static final long MARGIN_SECONDS = 120;

    private final Queue<Long> pickUps = new ConcurrentLinkedQueue<>();
    private final LineProcess process;
    private volatile long executions;

    ProcessRunner(List<String> command) {
        process = new LineProcess(command, this::read);
    }

    private void read(String line) {
        int space = line.indexOf(' ');
        switch (line.substring(0, Math.max(0, space))) {
            case "executions" -> executions = Long.parseLong(line.substring(space + 1));
            case "picked-up" -> pickUps.add(Long.parseLong(line.substring(space + 1)));
            default -> throw new IllegalStateException("a runner wrote '" + line + "', expected its counts");
        }
    }

    @Override
    public void start() {
        process.send("start");
    }

    @Override
    public long executions() {
        return executions;
    }

    @Override
    public List<Long> pickUps() {
        return List.copyOf(pickUps);
    }

    @Override
    public void paced(int tasks) {
        process.request("paced " + tasks, MARGIN_SECONDS + tasks);
    }

    @Override
    public long singleFor(long millis) {
        return process.request("single-for " + millis, MARGIN_SECONDS + TimeUnit.MILLISECONDS.toSeconds(millis));
    }

    @Override
    public void close() {
        process.close();
    }
}
