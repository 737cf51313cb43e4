package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GaiaTest {

    @Test
    void suggestsTheOptionThatWasMeant() {
        GaiaRun command = GaiaRun.gaia("simulate", "--scrpt", "x");

        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.errLines())
                .containsExactly(
                        "gaia: Unknown options: '--scrpt', 'x'",
                        "Possible solutions: --script",
                        "Try 'gaia simulate --help'.");
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        GaiaRun command = GaiaRun.gaia("simulat");

        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.err()).contains("Did you mean: gaia simulate").doesNotContain("\tat ");
    }

    @Test
    void aPortOutOfRangeIsAMistakeOfTheCommandLine() {
        GaiaRun command = GaiaRun.gaia("simulate", "--port", "70000");

        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.err())
                .startsWith("gaia: Invalid value for option '--port': '70000' is not a port, expected 0..65535");
    }

    @Test
    void everyCommandHasHelp() {
        for (String name : Gaia.commandLine(dev.architect.cli.terminal.Terminal.ofProcess())
                .getSubcommands()
                .keySet()) {
            GaiaRun command = GaiaRun.gaia("help", name);

            assertThat(command.exitCode()).as(name).isZero();
            assertThat(command.out()).as(name).contains("Usage: gaia " + name);
        }
    }

    @Test
    void printsItsVersion() {
        GaiaRun command = GaiaRun.gaia("version");

        assertThat(command.exitCode()).isZero();
        assertThat(command.out()).startsWith("gaia ").contains("Java " + System.getProperty("java.version"));
        assertThat(GaiaRun.gaia("--version").out()).isEqualTo(command.out());
    }
}
