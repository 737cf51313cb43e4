package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.architect.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

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

    /** A command that is named first is made alone, by its name. */
    @Test
    void everyCommandIsMadeByItsName() {
        assertThat(Gaia.commands(Terminal.ofProcess()).keySet())
                .isEqualTo(
                        Gaia.commandLine(Terminal.ofProcess()).getSubcommands().keySet());
    }

    @Test
    void everyCommandHasHelp() {
        for (String name :
                Gaia.commandLine(Terminal.ofProcess()).getSubcommands().keySet()) {
            GaiaRun command = GaiaRun.gaia("help", name);

            assertThat(command.exitCode()).as(name).isZero();
            assertThat(command.out()).as(name).contains("Usage: gaia " + name);
        }
    }

    /** Picocli takes texts of help for formats; a wrong one it prints as it is, with a warning before it. */
    @Test
    void everyTextOfTheHelpIsAFormat() {
        assertTextsAreFormats(Gaia.commandLine(Terminal.ofProcess()));
    }

    private static void assertTextsAreFormats(CommandLine command) {
        CommandLine.Model.CommandSpec spec = command.getCommandSpec();
        List<String> texts = new ArrayList<>(List.of(spec.usageMessage().description()));
        texts.addAll(List.of(spec.usageMessage().header()));
        texts.addAll(List.of(spec.usageMessage().footer()));
        spec.args().forEach(argument -> texts.addAll(List.of(argument.description())));
        assertThat(texts)
                .as(spec.qualifiedName())
                .allSatisfy(text -> assertThatCode(
                                () -> String.format(Locale.ROOT, text.replaceAll("\\$\\{[^}]*}", "")))
                        .as(text)
                        .doesNotThrowAnyException());
        command.getSubcommands().values().forEach(GaiaTest::assertTextsAreFormats);
    }

    @Test
    void printsItsVersion() {
        GaiaRun command = GaiaRun.gaia("version");

        assertThat(command.exitCode()).isZero();
        assertThat(command.out()).startsWith("gaia ").contains("Java " + System.getProperty("java.version"));
        assertThat(GaiaRun.gaia("--version").out()).isEqualTo(command.out());
    }
}
