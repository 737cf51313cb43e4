package dev.architect.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cli.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the token of the server comes from. */
final class TokenSourceTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private Path file(String content, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    @Test
    void makesAFileForItsOwnerAndReadsItTheNextTime() throws IOException {
        String made = TokenSource.of(null, null).read(folder);

        assertThat(made).hasSize(64);
        assertThat(TokenSource.of(null, null).read(folder)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("token"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("token"));
        }
    }

    @Test
    void serversThatStartAtOnceShareOneToken() throws Exception {
        Set<String> tokens = ConcurrentHashMap.newKeySet();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> servers = java.util.stream.IntStream.range(0, 16)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        start.await();
                        tokens.add(TokenSource.of(null, null).read(folder));
                    } catch (IOException | InterruptedException failure) {
                        tokens.add(failure.toString());
                    }
                }))
                .toList();
        servers.forEach(Thread::start);
        start.countDown();
        for (Thread server : servers) {
            server.join();
        }

        assertThat(tokens)
                .containsExactly(Files.readString(folder.resolve("token")).strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-rw----", "rw--w----", "rwx--x---"})
    void refusesAFileThatOthersMayUse(String permissions) throws IOException {
        Path file = file(SECRET, permissions);

        assertThatThrownBy(() -> TokenSource.of(null, null).read(folder))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("token file " + file + " is " + permissions + ", so others may know the token")
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining(SECRET);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short", "has a blank and is longer than 32 characters"})
    void refusesAFileWithoutAToken(String content) throws IOException {
        Path file = file(content, "rw-------");

        assertThatThrownBy(() -> TokenSource.of(null, null).read(folder))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("token file " + file + ": token has ");
    }

    @Test
    void theNamedFileWinsOverTheEnvironmentAndTheEnvironmentOverTheDataDirectory() throws IOException {
        Path named = folder.resolve("named");
        file(SECRET, "rw-------");

        assertThat(TokenSource.of(null, " " + SECRET + "x\n").read(folder)).isEqualTo(SECRET + "x");
        assertThat(TokenSource.of(null, " ").read(folder))
                .as("a blank variable")
                .isEqualTo(SECRET);
        String made = TokenSource.of(named, SECRET + "x").read(folder);
        assertThat(made).isEqualTo(Files.readString(named).strip()).isNotEqualTo(SECRET + "x");
        assertThatThrownBy(() -> TokenSource.of(null, "short").read(folder))
                .hasMessage("ARCHITECT_TOKEN: token has 5 characters, expected 32..256");
        assertThatThrownBy(() ->
                        TokenSource.of(folder.resolve("missing/token"), null).read(folder))
                .isInstanceOf(NoSuchFileException.class);
    }
}
