package dev.architect.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A peer that runs on Node.js, installed with npm as its lock file says.
 *
 * @param owner the class beside whose resources the files are
 * @param folder the folder of the files, relative to the class
 * @param files the files to copy, {@code package.json} and {@code package-lock.json} among them
 * @param module the module that is there once all is installed
 */
public record NpmInstall(Class<?> owner, String folder, List<String> files, String module) {

    private static final long INSTALL_SECONDS = 180;

    /** Copies the list. */
    public NpmInstall {
        files = List.copyOf(files);
    }

    /**
     * Installs it into {@code directory}, once.
     *
     * @return why it cannot be used, or empty when it can
     */
    public Optional<String> into(Path directory) {
        if (!isOnPath("node") || !isOnPath("npm")) {
            return Optional.of("there is no node or no npm on the PATH");
        }
        try {
            Files.createDirectories(directory);
            for (String file : files) {
                try (InputStream in = owner.getResourceAsStream(folder + "/" + file)) {
                    Files.copy(
                            Optional.ofNullable(in).orElseThrow(),
                            directory.resolve(file),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (Files.isRegularFile(directory.resolve("node_modules/" + module + "/package.json"))) {
                return Optional.empty();
            }
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                npm.destroyForcibly();
                return Optional.of("npm did not end in " + INSTALL_SECONDS + " s");
            }
            return npm.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("npm ended with " + npm.exitValue() + ", see " + directory.resolve("npm.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Optional.of("its installation was interrupted");
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
