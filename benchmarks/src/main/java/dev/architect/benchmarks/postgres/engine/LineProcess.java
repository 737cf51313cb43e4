package dev.architect.benchmarks.postgres.engine;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process that is led by lines and answers with lines. Its errors go to those of this process. */
public final class LineProcess implements AutoCloseable {

    private static final long READY_SECONDS = 60;
    private static final long STOP_SECONDS = 60;
    private static final String ENDED = "";

    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Thread reader;
    private final String name;

    /** Starts it and waits until it is ready; lines that are no answer to a command go to {@code news}. */
    public LineProcess(List<String> command, Consumer<String> news) {
        name = command.get(0);
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        // Also when this process is ended early, nothing is left behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        commands = process.outputWriter();
        reader = new Thread(() -> read(news), "lines of " + name);
        reader.setDaemon(true);
        reader.start();
        String first = answer(READY_SECONDS);
        if (!first.equals("ready")) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " answered '" + first + "', expected ready");
        }
    }

    private void read(Consumer<String> news) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("ready") || line.startsWith("done ")) {
                    answers.add(line);
                } else {
                    news.accept(line);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            answers.add(ENDED);
        }
    }

    private String answer(long seconds) {
        try {
            String answer = answers.poll(seconds, TimeUnit.SECONDS);
            if (answer == null || answer.equals(ENDED)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        name + (answer == null ? " did not answer in " + seconds + " s" : " has ended early"));
            }
            return answer;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted while " + name + " works", stop);
        }
    }

    /** Sends a command that gets no answer. */
    void send(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a command and returns the number of its answer. */
    public long request(String command, long seconds) {
        send(command);
        return Long.parseLong(answer(seconds).substring("done ".length()));
    }

    /** How long it has kept a processor busy; zero where the system does not say. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Lets it end in order. */
    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " did not stop in " + STOP_SECONDS + " s");
            }
            reader.join();
            if (process.exitValue() != 0) {
                throw new IllegalStateException(name + " ended with " + process.exitValue());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
