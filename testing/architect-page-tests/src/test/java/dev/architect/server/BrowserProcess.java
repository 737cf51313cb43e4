package dev.architect.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Chromium of this JVM, which all of its {@link HeadlessBrowser}s are in: starting one costs more than most pages do. It ends with the JVM. */
final class BrowserProcess {

    private static BrowserProcess shared;

    private final Path profile;
    private final Process process;
    private final URI address;

    private BrowserProcess(Path program) throws IOException {
        profile = Files.createTempDirectory("architect-browser");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-extensions",
                        "--disable-default-apps",
                        // A page that stands beside another one is looked at as well.
                        "--disable-background-timer-throttling",
                        "--disable-backgrounding-occluded-windows",
                        "--disable-renderer-backgrounding",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        address = readAddress();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "browser"));
    }

    /** Where Chromium is, empty when the PATH has none. */
    static Optional<Path> find() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The one of this JVM; starts it at the first call. */
    static synchronized BrowserProcess shared() throws IOException {
        if (shared == null || !shared.process.isAlive()) {
            shared = new BrowserProcess(find().orElseThrow());
        }
        return shared;
    }

    /** Where its DevTools are. */
    URI address() {
        return address;
    }

    /** Chromium prints the address of its DevTools on its error stream. */
    private URI readAddress() throws IOException {
        BufferedReader errors = process.errorReader();
        String line = errors.readLine();
        while (line != null && !line.contains("DevTools listening on ")) {
            line = errors.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("chromium ended without listening, exit " + process.exitValue());
        }
        Thread drain = new Thread(() -> errors.lines().forEach(ignored -> {}));
        drain.setDaemon(true);
        drain.start();
        return URI.create(line.substring(line.indexOf("ws://")));
    }

    private void end() {
        // Its helper processes write into the profile too, and outlive the browser by a moment.
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroyForcibly();
        helpers.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(60, TimeUnit.SECONDS);
            for (ProcessHandle helper : helpers) {
                helper.onExit().completeOnTimeout(helper, 5, TimeUnit.SECONDS).join();
            }
            try (Stream<Path> files = Files.walk(profile)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        } catch (IOException | UncheckedIOException leftBehind) {
            // In the temporary folder, under a name of its own.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
