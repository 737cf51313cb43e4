package dev.architect.cli.budget;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia budget}: lists, sets and removes the budgets of a store. */
@Command(
        name = "budget",
        description = {
            "Lists, sets, changes and removes limits on what calls cost, which all nodes of a store share.",
            "The store is the one that the configuration names, or the database of a data directory."
        })
public final class BudgetCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private BudgetCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new BudgetCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new SetCommand(terminal))
                .addSubcommand(new ChangeCommand(terminal))
                .addSubcommand(new RemoveCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static BudgetPeriod period(String text) {
        for (BudgetPeriod period : BudgetPeriod.values()) {
            if (word(period).equals(text)) {
                return period;
            }
        }
        throw new IllegalArgumentException("--period is '" + text + "', expected hour, day, month or total");
    }

    private static String describe(Budget budget) {
        return "budget " + budget.name() + " is " + budget.limit() + " for " + budget.scope() + ", "
                + word(budget.period()) + ", " + word(budget.mode());
    }

    private static Budget find(Architect architect, String name) {
        return architect
                .budgets()
                .find(name)
                .map(BudgetState::budget)
                .orElseThrow(
                        () -> new CommandFailure("budget '" + name + "' does not exist, expected the name of one"));
    }

    private static CommandFailure changedMeanwhile(String name) {
        return new CommandFailure("budget '" + name + "' was changed by another caller meanwhile; try again");
    }

    /** {@code gaia budget list}. */
    @Command(name = "list", description = "Lists the budgets with what is spent, reserved and left of each.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            List<BudgetState> states =
                    data.operate(architect -> architect.budgets().states());
            if (json) {
                for (BudgetState state : states) {
                    terminal.out().println(json(state));
                }
                return 0;
            }
            if (states.isEmpty()) {
                terminal.err().println("There is no budget.");
                return 0;
            }
            TextTable table =
                    new TextTable("Budget", "Scope", "Period", "Mode", "Limit", "Spent", "Reserved", "Left", "Resets");
            for (BudgetState state : states) {
                Budget budget = state.budget();
                table.row(
                        budget.name(),
                        budget.scope().toString(),
                        word(budget.period()),
                        word(budget.mode()),
                        budget.limit().toString(),
                        state.spent().toString(),
                        state.reserved().toString(),
                        state.left().toString(),
                        state.resetsAt().map(Instant::toString).orElse("never"));
            }
            table.lines().forEach(terminal.out()::println);
            return 0;
        }

        private static String json(BudgetState state) throws IOException {
            Budget budget = state.budget();
            ObjectMapper mapper = new ObjectMapper();
            return mapper.writeValueAsString(mapper.createObjectNode()
                    .put("name", budget.name())
                    .put("scope", budget.scope().toString())
                    .put("period", word(budget.period()))
                    .put("mode", word(budget.mode()))
                    .put("limitUsd", plain(budget.limit()))
                    .put("spentUsd", plain(state.spent()))
                    .put("reservedUsd", plain(state.reserved()))
                    .put("leftUsd", plain(state.left()))
                    .put("resetsAt", state.resetsAt().map(Instant::toString).orElse(null)));
        }

        /** As text, so that no reader rounds it. */
        private static String plain(Money amount) {
            return amount.usd().stripTrailingZeros().toPlainString();
        }
    }

    /** {@code gaia budget set}. */
    @Command(name = "set", description = "Adds a budget, or replaces that of the same name.")
    static final class SetCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(
                paramLabel = "NAME",
                description = "Identifies it: lower-case letters, digits, dots, dashes and underscores.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--limit",
                required = true,
                paramLabel = "USD",
                description = "The most that may be spent, in dollars.")
        @SuppressWarnings("NullAway.Init")
        private BigDecimal limit;

        @Option(
                names = "--period",
                paramLabel = "PERIOD",
                description = "hour, day, month or total, in UTC; ${DEFAULT-VALUE} by default.")
        private String period = "month";

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description =
                        "all, or provider:, model:, project:, user:, tag: or task: with a value; ${DEFAULT-VALUE} by default.")
        private String scope = "all";

        @Option(names = "--soft", description = "Reserves what a call will probably cost, not the most that it can.")
        private boolean soft;

        SetCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Budget budget = budget();
            data.operate(architect -> {
                architect.budgets().set(budget);
                return budget;
            });
            terminal.out().println(describe(budget));
            return 0;
        }

        private Budget budget() {
            try {
                return new Budget(
                        name,
                        BudgetScope.parse(scope),
                        period(period),
                        Money.ofUsd(limit),
                        soft ? BudgetMode.SOFT : BudgetMode.HARD);
            } catch (ArithmeticException notExact) {
                throw new CommandFailure(
                        "--limit is " + limit + ", expected up to 9.2 million dollars with at most 12 decimal places");
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
        }
    }

    /** {@code gaia budget change}. */
    @Command(
            name = "change",
            description = {
                "Changes some of a budget, and leaves the rest as it is.",
                "What was spent counts on unless its scope or its period changes."
            })
    static final class ChangeCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "NAME", description = "Its name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--limit", paramLabel = "USD", description = "The most that may be spent, in dollars.")
        private @Nullable BigDecimal limit;

        @Option(names = "--period", paramLabel = "PERIOD", description = "hour, day, month or total, in UTC.")
        private @Nullable String period;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description = "all, or provider:, model:, project:, user:, tag: or task: with a value.")
        private @Nullable String scope;

        @Option(names = "--mode", paramLabel = "MODE", description = "hard or soft.")
        private @Nullable String mode;

        ChangeCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            terminal.out().println(describe(data.operate(this::changed)));
            return 0;
        }

        private Budget changed(Architect architect) {
            Budget before = find(architect, name);
            Budget after = after(before);
            if (!architect.budgets().change(after, before)) {
                throw changedMeanwhile(name);
            }
            return after;
        }

        private Budget after(Budget before) {
            try {
                return new Budget(
                        before.name(),
                        scope == null ? before.scope() : BudgetScope.parse(scope),
                        period == null ? before.period() : period(period),
                        limit == null ? before.limit() : Money.ofUsd(limit),
                        mode == null ? before.mode() : mode(mode));
            } catch (ArithmeticException notExact) {
                throw new CommandFailure(
                        "--limit is " + limit + ", expected up to 9.2 million dollars with at most 12 decimal places");
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
        }

        private static BudgetMode mode(String text) {
            for (BudgetMode mode : BudgetMode.values()) {
                if (word(mode).equals(text)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException("--mode is '" + text + "', expected hard or soft");
        }
    }

    /** {@code gaia budget remove}. */
    @Command(name = "remove", description = "Removes a budget.")
    static final class RemoveCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "NAME", description = "Its name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        RemoveCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            data.operate(architect -> {
                Budget before = find(architect, name);
                if (!architect.budgets().remove(before)) {
                    throw changedMeanwhile(name);
                }
                return before;
            });
            terminal.out().println("budget " + name + " is removed");
            return 0;
        }
    }
}
