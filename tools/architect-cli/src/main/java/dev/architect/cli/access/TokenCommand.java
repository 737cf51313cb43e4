package dev.architect.cli.access;

import dev.architect.access.AgentToken;
import dev.architect.access.RolePermissions;
import dev.architect.access.SecretDigest;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Money;
import dev.architect.project.ProjectId;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia token}: lists, makes and revokes tokens of agents. */
@Command(
        name = "token",
        description = {
            "Lists, makes and revokes tokens with which agents use the server.",
            "The store is the one that the configuration names, or the database of a data directory."
        })
public final class TokenCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private TokenCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new TokenCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new CreateCommand(terminal))
                .addSubcommand(new RevokeCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String budgetName(String token) {
        return "agent-" + token;
    }

    /** {@code gaia token list}. */
    @Command(name = "list", description = "Lists the tokens, without their secrets.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<AgentToken> tokens =
                    data.operate(architect -> OperatorAudit.users(architect).tokens());
            if (tokens.isEmpty()) {
                terminal.err().println("There is no token.");
                return 0;
            }
            TextTable table = new TextTable("Token", "Scopes", "Projects", "Made by", "Expires", "Last used");
            tokens.forEach(token -> table.row(
                    token.name(),
                    token.scopes().stream().sorted().collect(Collectors.joining(" ")),
                    token.projects().isEmpty()
                            ? "all"
                            : token.projects().stream()
                                    .map(ProjectId::name)
                                    .sorted()
                                    .collect(Collectors.joining(" ")),
                    token.maker(),
                    token.life().expiresAt().toString(),
                    token.life().lastUsed().map(Instant::toString).orElse("never")));
            table.lines().forEach(terminal.out()::println);
            return 0;
        }
    }

    /** {@code gaia token create}. */
    @Command(name = "create", description = "Makes a token and prints its secret, which is not kept.")
    static final class CreateCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "NAME", description = "What the agent is known by: a-z, 0-9 and . _ -")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--scope",
                required = true,
                paramLabel = "SCOPE",
                description = "A permission, such as tasks:w or gateway:x; several times for several.")
        @SuppressWarnings("NullAway.Init")
        private List<String> scopes;

        @Option(
                names = "--days",
                required = true,
                paramLabel = "N",
                description = "For how many days it is valid, 1 to 366.")
        private int days;

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description = "A project that it may work for, all by default; several times for several.")
        private List<String> projects = List.of();

        @Option(names = "--budget", paramLabel = "USD", description = "The most that its calls may cost in all.")
        private @Nullable BigDecimal budget;

        CreateCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String secret = AgentToken.PREFIX + AccessToken.newSecret(TimeSource.system());
            AgentToken token = token(secret);
            boolean isAdded = data.operate(architect -> {
                boolean added = OperatorAudit.users(architect).addToken(token);
                if (added) {
                    token.budget()
                            .ifPresent(limit -> architect
                                    .budgets()
                                    .set(new Budget(
                                            budgetName(name),
                                            new BudgetScope(BudgetScope.Kind.USER, token.actor()),
                                            BudgetPeriod.TOTAL,
                                            limit,
                                            BudgetMode.HARD)));
                    OperatorAudit.done(architect, "token.create", name);
                }
                return added;
            });
            if (!isAdded) {
                throw new CommandFailure("token '" + name + "' exists, expected a name that no other token has");
            }
            terminal.err()
                    .println("token " + name + " is valid until " + token.life().expiresAt()
                            + "; its secret is not kept:");
            terminal.out().println(secret);
            return 0;
        }

        private AgentToken token(String secret) {
            Instant now = TimeSource.system().wallTime();
            try {
                for (String scope : scopes) {
                    if (RolePermissions.isPermission(scope) && !RolePermissions.allowsLocalOperator(scope)) {
                        throw new IllegalArgumentException(
                                "scope is '" + scope + "', expected one that you have yourself");
                    }
                }
                return new AgentToken(
                        name,
                        SecretDigest.of(secret),
                        "operator",
                        Set.copyOf(scopes),
                        projects.stream().map(ProjectId::new).collect(Collectors.toSet()),
                        Optional.ofNullable(budget).map(Money::ofUsd),
                        new AgentToken.Life(now, now.plus(Duration.ofDays(days)), Optional.empty()));
            } catch (ArithmeticException notExact) {
                throw new CommandFailure("--budget is " + budget
                        + ", expected up to 9.2 million dollars with at most 12 decimal places");
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
        }
    }

    /** {@code gaia token revoke}. */
    @Command(name = "revoke", description = "Revokes a token; servers refuse it within two seconds.")
    static final class RevokeCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "NAME", description = "Its name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        RevokeCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            boolean hadOne = data.operate(architect -> {
                boolean removed = OperatorAudit.users(architect).removeToken(name);
                if (removed) {
                    architect.budgets().remove(budgetName(name));
                    OperatorAudit.done(architect, "token.delete", name);
                }
                return removed;
            });
            if (!hadOne) {
                throw new CommandFailure("token '" + name + "' does not exist, expected the name of one");
            }
            terminal.out().println("token " + name + " is revoked");
            return 0;
        }
    }
}
