package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Holds {@code docs/reference/command-line.md} to the commands that there are. */
final class CommandLineDocumentTest {

    private final CommandLine gaia = Gaia.commandLine(Terminal.ofProcess());

    @Test
    void namesEveryCommand() throws IOException {
        assertThat(gaia.getSubcommands().keySet())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(document()).contains("gaia " + name));
    }

    @Test
    void namesOnlyOptionsThatThereAre() throws IOException {
        Set<String> known = new TreeSet<>();
        collectOptions(gaia, known);
        Set<String> named = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+")
                .matcher(document())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).contains("--report", "--simulate").isSubsetOf(known);
    }

    private static void collectOptions(CommandLine command, Set<String> names) {
        command.getCommandSpec().options().forEach(option -> names.addAll(Set.of(option.names())));
        command.getSubcommands().values().forEach(sub -> collectOptions(sub, names));
    }

    private static String document() throws IOException {
        return Files.readString(Path.of("../../docs/reference/command-line.md"));
    }
}
