package dev.architect.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Text on the input of a command. */
final class PipedTextTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static InputStream input(byte... bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static InputStream input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsUpToTheEnd() throws Exception {
        assertThat(PipedText.readUnlessSilent(input("ein Öltank\nund 🚀\n"), LONG))
                .contains("ein Öltank\nund 🚀\n");
        assertThat(PipedText.readUnlessSilent(input(""), LONG)).contains("");
        assertThat(PipedText.read(input("\ufeffwith a mark"))).isEqualTo("with a mark");
    }

    @Test
    void givesUpOnAPipeThatNobodyWritesTo() throws Exception {
        try (PipedOutputStream silent = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(silent)) {
            assertThat(PipedText.readUnlessSilent(in, Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    void waitsForTheEndOfWhatHasBegun() throws Exception {
        try (PipedOutputStream slow = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(slow)) {
            slow.write("begin".getBytes(StandardCharsets.UTF_8));
            Thread writer = new Thread(() -> {
                try (slow) {
                    slow.write(" and end".getBytes(StandardCharsets.UTF_8));
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            writer.start();

            assertThat(PipedText.readUnlessSilent(in, LONG)).contains("begin and end");
            writer.join();
        }
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThatThrownBy(
                        () -> PipedText.readUnlessSilent(input((byte) 'a', (byte) 'b', (byte) 0xfc, (byte) 'c'), LONG))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("the input is not UTF-8 text: byte 0xfc at position 2");
        assertThatThrownBy(() -> PipedText.read(input((byte) 0xc3)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("byte 0xc3 at position 0");
        assertThatThrownBy(() -> PipedText.read(input("PK\0")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("like a binary file");
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };

        assertThatThrownBy(() -> PipedText.readUnlessSilent(endless, LONG))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("the input has more than 4194304 bytes, expected at most that");
        assertThat(PipedText.read(input("x".repeat(PipedText.MAX_BYTES)))).hasSize(PipedText.MAX_BYTES);
    }
}
