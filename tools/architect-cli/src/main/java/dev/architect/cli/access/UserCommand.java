package dev.architect.cli.access;

import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.PasswordHasher;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia user}: lists, adds, removes and resets those who may log in to the server. */
@Command(
        name = "user",
        description = {
            "Lists, adds and removes those who may log in to the server, and sets their passwords.",
            "The store is the one that the configuration names, or the database of a data directory."
        })
public final class UserCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private UserCommand() {}

    /** Returns the command with its subcommands, which keep passwords as {@code passwords} does. */
    public static CommandLine with(Terminal terminal, PasswordHasher passwords) {
        return new CommandLine(new UserCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new AddCommand(terminal, passwords))
                .addSubcommand(new RemoveCommand(terminal))
                .addSubcommand(new ResetCommand(terminal, passwords));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String words(Set<UserRole> roles) {
        return roles.stream().sorted().map(UserRole::word).collect(Collectors.joining(", "));
    }

    private static CommandFailure missing(String name) {
        return new CommandFailure("user '" + name + "' does not exist, expected the name of one");
    }

    /** {@code gaia user list}. */
    @Command(name = "list", description = "Lists the users with their roles.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<User> users =
                    data.operate(architect -> OperatorAudit.users(architect).users());
            if (users.isEmpty()) {
                terminal.err().println("There is no user.");
                return 0;
            }
            TextTable table = new TextTable("User", "Roles", "Active", "Added", "Password of");
            users.forEach(user -> table.row(
                    user.name(),
                    words(user.roles()),
                    user.isActive() ? "yes" : "no",
                    user.createdAt().toString(),
                    user.passwordAt().toString()));
            table.lines().forEach(terminal.out()::println);
            return 0;
        }
    }

    /** {@code gaia user add}. */
    @Command(name = "add", description = "Adds a user.")
    static final class AddCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Mixin
        private final NewPassword password;

        @Parameters(paramLabel = "NAME", description = "What the user logs in with: a-z, 0-9 and . _ @ -")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                description = "viewer, operator, approver or admin; several times for several.")
        @SuppressWarnings("NullAway.Init")
        private List<String> roles;

        AddCommand(Terminal terminal, PasswordHasher passwords) {
            this.terminal = terminal;
            this.password = new NewPassword(passwords);
        }

        @Override
        public Integer call() throws IOException {
            Set<UserRole> wanted = EnumSet.noneOf(UserRole.class);
            try {
                User.checkName(name);
                roles.forEach(role -> wanted.add(UserRole.ofWord(role)));
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
            User user = User.create(
                    name, wanted, password.hash(name), TimeSource.system().wallTime());
            boolean isAdded = data.operate(architect -> {
                boolean added = OperatorAudit.users(architect).add(user);
                if (added) {
                    OperatorAudit.done(architect, "users.create", name);
                }
                return added;
            });
            if (!isAdded) {
                throw new CommandFailure("user '" + name + "' exists, expected a name that no other user has");
            }
            terminal.out().println("user " + name + " is added: " + words(wanted));
            return 0;
        }
    }

    /** {@code gaia user remove}. */
    @Command(name = "remove", description = "Removes a user, and ends the user's logins.")
    static final class RemoveCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "NAME", description = "The user's name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        RemoveCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AccessChange result = data.operate(architect -> {
                AccessChange removed = OperatorAudit.users(architect).remove(name, 0);
                if (removed == AccessChange.DONE) {
                    OperatorAudit.done(architect, "users.delete", name);
                }
                return removed;
            });
            switch (result) {
                case DONE -> terminal.out().println("user " + name + " is removed");
                case LAST_ADMIN ->
                    throw new CommandFailure("user '" + name + "' is the last active admin, expected another one");
                case MISSING, STALE -> throw missing(name);
            }
            return 0;
        }
    }

    /** {@code gaia user reset}. */
    @Command(
            name = "reset",
            description =
                    "Sets another password for a user, or removes the authenticator app or the passkeys of one who has lost them, and ends the user's logins.")
    static final class ResetCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Mixin
        private final NewPassword password;

        @Parameters(paramLabel = "NAME", description = "The user's name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--second-factor",
                description = "Removes the user's authenticator app, and leaves the password as it is.")
        private boolean isOfSecondFactor;

        @Option(names = "--passkeys", description = "Removes the user's passkeys, and leaves the password as it is.")
        private boolean isOfPasskeys;

        ResetCommand(Terminal terminal, PasswordHasher passwords) {
            this.terminal = terminal;
            this.password = new NewPassword(passwords);
        }

        @Override
        public Integer call() throws IOException {
            if (isOfSecondFactor) {
                boolean isRemoved = remove(users -> users.removeSecondFactor(name));
                say(isRemoved ? " logs in by the password alone" : " has no authenticator app");
            }
            if (isOfPasskeys) {
                boolean isRemoved = remove(users -> users.removePasskeys(name) > 0);
                say(isRemoved ? " has no passkeys any more" : " has no passkeys");
            }
            if (isOfSecondFactor || isOfPasskeys) {
                return 0;
            }
            String hash = password.hash(name);
            data.operate(architect -> {
                AccessStore users = OperatorAudit.users(architect);
                User user = users.user(name).orElseThrow(() -> missing(name));
                if (users.change(user.withPassword(hash, TimeSource.system().wallTime())) != AccessChange.DONE) {
                    throw new CommandFailure("user '" + name + "' was changed meanwhile, expected nobody else at it");
                }
                users.removeLogins(name, Optional.empty());
                OperatorAudit.done(architect, "users.reset", name);
                return user;
            });
            say(" has a new password");
            return 0;
        }

        private void say(String what) {
            terminal.out().println("user " + name + what);
        }

        private boolean remove(Predicate<AccessStore> removal) {
            return data.operate(architect -> {
                AccessStore users = OperatorAudit.users(architect);
                if (users.user(name).isEmpty()) {
                    throw missing(name);
                }
                boolean removed = removal.test(users);
                if (removed) {
                    users.removeLogins(name, Optional.empty());
                    OperatorAudit.done(architect, "users.reset", name);
                }
                return removed;
            });
        }
    }
}
