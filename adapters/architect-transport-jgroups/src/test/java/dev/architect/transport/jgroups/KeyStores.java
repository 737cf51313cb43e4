package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Key stores that are made by the very commands of the how-to page. */
final class KeyStores {

    private static final Path PAGE = Path.of("../../docs/how-to/cluster-transport.md");
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Path SHARED = temporary();
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    private KeyStores() {}

    private static Path temporary() {
        try {
            Path directory = Files.createTempDirectory("architect-keys");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A directory with the key stores, which are made once. */
    static synchronized Path shared() throws IOException, InterruptedException {
        if (!Files.exists(SHARED.resolve("trust.p12"))) {
            make(SHARED);
            // In reverse order of their registration: the files before the directory.
            try (Stream<Path> files = Files.list(SHARED)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
        }
        return SHARED;
    }

    /** Runs the commands of the page in {@code directory}: afterwards it has {@code node-1.p12}, {@code node-2.p12} and {@code trust.p12}. */
    static void make(Path directory) throws IOException, InterruptedException {
        Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        List<String> commands = new ArrayList<>();
        while (blocks.find()) {
            if (blocks.group(1).contains("keytool")) {
                commands.add(blocks.group(1));
            }
        }
        assertThat(commands).as("commands with keytool in %s", PAGE).isNotEmpty();
        for (String command : commands) {
            run(directory, command);
        }
    }

    static void run(Path directory, String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        Path java = Path.of(System.getProperty("java.home"), "bin");
        // Each of the commands lives for a second.
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        builder.environment().merge("PATH", java.toString(), (before, own) -> own + ":" + before);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** A key that the authority has not signed; with its own certificate as the trust store, or with the right one. */
    static synchronized TransportTls stranger(boolean trustsItself) throws Exception {
        Path directory = shared();
        Path own = directory.resolve("stranger.p12");
        Path trust = directory.resolve("stranger-trust.p12");
        if (!Files.exists(own)) {
            run(
                    directory,
                    "keytool -genkeypair -alias stranger -dname CN=stranger -keyalg EC -groupname secp256r1"
                            + " -keystore stranger.p12 -storetype PKCS12 -storepass secret");
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "stranger", KeyStore.getInstance(own.toFile(), PASSWORD).getCertificate("stranger"));
            try (OutputStream file = Files.newOutputStream(trust)) {
                trusted.store(file, PASSWORD);
            }
            own.toFile().deleteOnExit();
            trust.toFile().deleteOnExit();
        }
        return TransportTls.of(own, "secret", trustsItself ? trust : directory.resolve("trust.p12"), "secret");
    }

    /** The certificates of a node. */
    static TransportTls of(Path directory, String node) {
        return TransportTls.of(directory.resolve(node + ".p12"), "secret", directory.resolve("trust.p12"), "secret");
    }
}
