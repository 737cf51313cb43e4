package dev.architect.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code gaia} in a JVM of its own, to be signalled and killed. */
final class GaiaProcess implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;
    private final List<String> seen = new ArrayList<>();

    private GaiaProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts in {@code folder}; what it writes to either stream is read from one. */
    static GaiaProcess start(Path folder, String... arguments) throws IOException {
        return new GaiaProcess(builder(folder, arguments).start());
    }

    /** Starts on a class path of the test's own. */
    static GaiaProcess startOn(String classPath, Path folder, String... arguments) throws IOException {
        return new GaiaProcess(builder(classPath, folder, arguments).start());
    }

    /** Starts without any provider in the environment, and with an Ollama where nothing listens. */
    static GaiaProcess startWithoutKeys(Path folder, String... arguments) throws IOException {
        return startWithoutKeys(folder, Map.of(), arguments);
    }

    /** As {@link #startWithoutKeys(Path, String...)}, with further variables in the environment. */
    static GaiaProcess startWithoutKeys(Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        ProcessBuilder builder = builder(folder, arguments);
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.endsWith("_API_KEY") || name.endsWith("_BASE_URL") || name.equals("ARCHITECT_CONFIG"));
        builder.environment().put("OLLAMA_BASE_URL", "http://127.0.0.1:1");
        builder.environment().putAll(environment);
        return new GaiaProcess(builder.start());
    }

    private static ProcessBuilder builder(Path folder, String... arguments) {
        return builder(System.getProperty("java.class.path"), folder, arguments);
    }

    private static ProcessBuilder builder(String classPath, Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true);
    }

    /** Reads until a line is as wanted, and returns it. */
    String awaitLine(Predicate<String> wanted) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            if (wanted.test(line)) {
                return line;
            }
        }
        throw new AssertionError("the process ended before the line came, its output was " + seen);
    }

    /** Reads to the end, waits for the process and returns its exit code. */
    int awaitExit() throws IOException, InterruptedException {
        output.lines().forEach(seen::add);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the process did not end, its output was " + seen);
        }
        return process.exitValue();
    }

    /** The processes that it has started, and those that these have. */
    Stream<ProcessHandle> descendants() {
        return process.descendants();
    }

    /** Everything read so far. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    /** Sends a signal, for example {@code INT}. */
    void signal(String name) throws IOException, InterruptedException {
        int sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (sent != 0) {
            throw new AssertionError("signal " + name + " was not sent, the output was " + seen);
        }
    }

    /** SIGTERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
