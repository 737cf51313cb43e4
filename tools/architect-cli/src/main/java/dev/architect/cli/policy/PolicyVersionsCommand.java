package dev.architect.cli.policy;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.routing.StoredPolicy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gaia policy list} and {@code gaia policy show}: the versions that were put into force for all nodes. */
final class PolicyVersionsCommand {

    private PolicyVersionsCommand() {}

    /** {@code gaia policy list}. */
    @Command(
            name = "list",
            description = "Lists the versions of the policy that were put into force for all nodes, the newest first.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<StoredPolicy> versions =
                    data.operate(architect -> architect.routing().policyVersions());
            if (versions.isEmpty()) {
                terminal.err().println("No policy was put into force for all nodes: each follows its own.");
                return 0;
            }
            TextTable table = new TextTable("Version", "At", "By", "Policy", "Remark");
            versions.forEach(version -> table.row(
                    Long.toString(version.version()),
                    version.at().toString(),
                    version.by(),
                    version.text().map(text -> text.lines().count() + " lines").orElse("of each node"),
                    version.remark()));
            table.lines().forEach(terminal.out()::println);
            return 0;
        }
    }

    /** {@code gaia policy show}. */
    @Command(
            name = "show",
            description = "Prints the policy that is in force for all nodes, or an earlier version of it.")
    static final class ShowCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(
                paramLabel = "VERSION",
                arity = "0..1",
                description = "The number of the version; the last by default.")
        private @Nullable Long version;

        ShowCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Long wanted = version;
            Optional<StoredPolicy> kept = data.operate(architect -> wanted == null
                    ? architect.routing().policy()
                    : architect.routing().policyVersion(wanted));
            StoredPolicy found = kept.orElseThrow(() -> new CommandFailure(
                    wanted == null
                            ? "no policy was put into force for all nodes, expected one"
                            : "version " + wanted + " is not kept, expected one that 'gaia policy list' shows"));
            terminal.out()
                    .println(found.text()
                            .orElseThrow(() -> new CommandFailure("version " + found.version()
                                    + " is the policy of each node, expected one with a text"))
                            .stripTrailing());
            return 0;
        }
    }
}
