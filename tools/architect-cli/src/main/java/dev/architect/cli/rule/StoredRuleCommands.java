package dev.architect.cli.rule;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cli.terminal.VisibleText;
import dev.architect.json.JsonFields;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.history.DryRun;
import dev.architect.planner.approval.history.RecordedDecision;
import dev.architect.planner.approval.history.RuleProposal;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ApprovalRules;
import dev.architect.planner.review.RuleTrial;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.StoredRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia rule list}, {@code add}, {@code remove}, {@code dry-run} and {@code propose}: the rules that a data directory keeps. */
final class StoredRuleCommands {

    private StoredRuleCommands() {}

    static CommandLine addTo(CommandLine rule, Terminal terminal) {
        return rule.addSubcommand(new ListCommand(terminal))
                .addSubcommand(new AddCommand(terminal))
                .addSubcommand(new RemoveCommand(terminal))
                .addSubcommand(new DryRunCommand(terminal))
                .addSubcommand(new ProposeCommand(terminal));
    }

    /** A command on the stored rules. */
    private abstract static class StoredRules implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description = "The rules of the installation, as JSON; the standard ones by default.")
        private @Nullable Path policy;

        StoredRules(Terminal terminal) {
            this.terminal = terminal;
        }

        final <T> T rules(Function<ApprovalRules, T> body) {
            String folder = Path.of("").toAbsolutePath().toString();
            ApprovalPolicy base = policy == null
                    ? ApprovalPolicy.standard(folder, System.getProperty("user.home", "/"))
                    : ApprovalPolicy.load(policy);
            return data.operate(architect -> body.apply(new ApprovalRules(
                    architect.reviews(), new StoredApprovals(architect.reviews(), base), LinkReader.ofFileSystem())));
        }

        final String author() {
            return System.getProperty("user.name", "operator");
        }

        final void print(DryRun run) {
            terminal.out()
                    .println("of " + run.replayed() + " decisions: " + run.newly(Verdict.ALLOW) + " newly allowed, "
                            + run.newly(Verdict.ASK) + " newly asked, " + run.newly(Verdict.DENY) + " newly denied");
            for (Verdict verdict : Verdict.values()) {
                for (RecordedDecision one : run.samples().getOrDefault(verdict, List.of())) {
                    terminal.out()
                            .println("  " + JsonFields.wordOf(one.verdict()) + " -> " + JsonFields.wordOf(verdict)
                                    + "  " + VisibleText.of(one.action().json()));
                }
            }
            run.conflicts()
                    .forEach(one -> terminal.out().println("  " + one.rule() + " has no effect beside " + one.other()));
        }
    }

    /** {@code gaia rule list}. */
    @Command(name = "list", description = "Lists the rules that people have made, and those of the installation.")
    static final class ListCommand extends StoredRules {

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return rules(rules -> {
                if (json) {
                    rules.list().forEach(rule -> terminal.out().println(rule.text()));
                    return 0;
                }
                TextTable table = new TextTable("Rule", "Decision", "From", "In force", "Because");
                rules.list()
                        .forEach(rule -> row(table, ApprovalRule.parse(rule.text()), rule.author(), rule.isEnabled()));
                rules.base().rules().forEach(rule -> row(table, rule, "the installation", true));
                table.lines().forEach(terminal.out()::println);
                return 0;
            });
        }

        private static void row(TextTable table, ApprovalRule rule, String from, boolean isEnabled) {
            table.row(
                    rule.id(),
                    JsonFields.wordOf(rule.verdict()),
                    from,
                    isEnabled ? "yes" : "no",
                    VisibleText.of(rule.because()));
        }
    }

    /** {@code gaia rule add}. */
    @Command(
            name = "add",
            description = "Keeps a rule. One that allows comes into force with: gaia rule dry-run RULE --enable.")
    static final class AddCommand extends StoredRules {

        @Parameters(index = "0", paramLabel = "FILE", description = "A file with one rule, as JSON.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        AddCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws IOException {
            if (!Files.isRegularFile(file)) {
                throw new CommandFailure(file + " cannot be read, expected a file with one rule");
            }
            String text = Files.readString(file);
            StoredRule made = rules(rules -> rules.create(text, author()));
            terminal.out()
                    .println("rule " + made.id() + (made.isEnabled() ? " is in force" : " is kept, and not in force"));
            return 0;
        }
    }

    /** {@code gaia rule remove}. */
    @Command(name = "remove", description = "Deletes a rule that people have made.")
    static final class RemoveCommand extends StoredRules {

        @Parameters(index = "0", paramLabel = "RULE", description = "The id of the rule.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        RemoveCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            rules(rules -> rules.delete(id, rules.get(id).version()));
            terminal.out().println("rule " + id + " is deleted");
            return 0;
        }
    }

    /** {@code gaia rule dry-run}. */
    @Command(name = "dry-run", description = "Shows what would have been decided with a rule that is kept.")
    static final class DryRunCommand extends StoredRules {

        @Parameters(index = "0", paramLabel = "RULE", description = "The id of the rule.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Option(names = "--enable", description = "Puts the rule into force after it.")
        private boolean isEnabling;

        DryRunCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return rules(rules -> {
                RuleTrial trial = rules.trial(id);
                print(trial.run());
                if (isEnabling) {
                    rules.update(id, trial.rule().version(), Optional.empty(), Optional.of(true), author());
                    terminal.out().println("rule " + id + " is in force");
                }
                return 0;
            });
        }
    }

    /** {@code gaia rule propose}. */
    @Command(name = "propose", description = "Lists rules that people's approvals suggest, or takes one of them.")
    static final class ProposeCommand extends StoredRules {

        @Option(names = "--accept", paramLabel = "RULE", description = "Puts the proposed rule of this id into force.")
        private @Nullable String accepted;

        ProposeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return rules(rules -> {
                if (accepted != null) {
                    print(rules.accept(accepted, author()).run());
                    terminal.out().println("rule " + accepted + " is in force");
                    return 0;
                }
                List<RuleProposal> proposals = rules.proposals();
                if (proposals.isEmpty()) {
                    terminal.err().println("No rule is proposed: it takes three approvals of one shape.");
                }
                proposals.forEach(one -> terminal.out()
                        .println(one.rule().id() + "  " + one.approvals() + " approvals  "
                                + one.rule().json()));
                return 0;
            });
        }
    }
}
