package dev.architect.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class TerminalTest {

    private static Terminal terminal(boolean interactive) {
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream());
        return new Terminal(InputStream.nullInputStream(), nothing, nothing, interactive, interactive, 80, interactive);
    }

    @Test
    void noColorCountsWhenItIsSetAndNotEmpty() {
        assertThat(terminal(true).hasColours(null)).isTrue();
        assertThat(terminal(true).hasColours("")).isTrue();
        assertThat(terminal(true).hasColours("1")).isFalse();
        assertThat(terminal(true).hasColours("0")).isFalse();
        assertThat(terminal(true).hasColours("false")).isFalse();
        assertThat(terminal(false).hasColours(null)).isFalse();
    }
}
