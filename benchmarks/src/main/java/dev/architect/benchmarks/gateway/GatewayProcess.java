package dev.architect.benchmarks.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gateway that runs, on a free port of this machine. For one thread. */
final class GatewayProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 30;
    private static final long POLL_MILLIS = 5;
    private static final double KIB_PER_MIB = 1024;
    private static final int MOST_PORTS = 3;
    /** What Java and Node.js say. */
    private static final List<String> PORT_TAKEN = List.of("Address already in use", "EADDRINUSE");

    private final GatewayUnderTest gateway;
    private final Process process;
    private final int port;
    private final Path log;
    private final Duration untilFirstAnswer;

    private GatewayProcess(GatewayUnderTest gateway, Duration patience) throws IOException, InterruptedException {
        this.gateway = gateway;
        this.port = freePort();
        this.log = gateway.directory().resolve(gateway.name() + ".log");
        ProcessBuilder builder = new ProcessBuilder(gateway.commandFor(port))
                .directory(gateway.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(gateway.environment());
        long begin = System.nanoTime();
        this.process = builder.start();
        // Also when this process is ended early, nothing is left behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try {
            awaitAnswer(begin, patience);
        } catch (IOException | InterruptedException failure) {
            process.destroyForcibly();
            throw failure;
        }
        this.untilFirstAnswer = Duration.ofNanos(System.nanoTime() - begin);
    }

    /**
     * Starts it and waits until it has answered a request.
     *
     * @throws IOException when it ends before, or has not answered in time; with the end of what it has printed
     */
    static GatewayProcess start(GatewayUnderTest gateway, Duration patience) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return new GatewayProcess(gateway, patience);
            } catch (PortTakenException taken) {
                // By another process, between the choice of the port and the start.
                if (attempt == MOST_PORTS) {
                    throw taken;
                }
            }
        }
    }

    private static final class PortTakenException extends IOException {

        private static final long serialVersionUID = 1L;

        PortTakenException(String message) {
            super(message);
        }
    }

    private void awaitAnswer(long begin, Duration patience) throws IOException, InterruptedException {
        GatewayLoad load = load(false);
        while (true) {
            try {
                load.checkOnce();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() && isPortTaken()) {
                    throw new PortTakenException(gateway.name() + " has ended: " + Files.readString(log));
                }
                if (!process.isAlive() || System.nanoTime() - begin > patience.toNanos()) {
                    throw new IOException(
                            gateway.name() + (process.isAlive() ? " has not answered in " + patience : " has ended")
                                    + ": " + Files.readString(log),
                            notYet);
                }
                process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private boolean isPortTaken() throws IOException {
        String printed = Files.readString(log);
        return PORT_TAKEN.stream().anyMatch(printed::contains);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** From its start to the first answer with 200. */
    Duration untilFirstAnswer() {
        return untilFirstAnswer;
    }

    /** Requests to it. */
    GatewayLoad load(boolean streamed) {
        return new GatewayLoad(port, gateway.model(), gateway.headers(), streamed);
    }

    /** What it and its children hold of the memory of the machine; 0 where that cannot be read. */
    double residentMib() {
        return handles().mapToLong(GatewayProcess::residentKib).sum() / KIB_PER_MIB;
    }

    private static long residentKib(ProcessHandle handle) {
        Path status = Path.of("/proc", Long.toString(handle.pid()), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try {
            List<String> lines = Files.readAllLines(status);
            return lines.stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }

    /** How long it and its children have kept a processor busy. */
    Duration cpuTime() {
        return handles()
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private Stream<ProcessHandle> handles() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
