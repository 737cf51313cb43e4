package dev.architect.cli;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.error.DidYouMean;
import dev.architect.json.JsonText;
import dev.architect.node.StaleDocumentException;
import dev.architect.setting.EffectiveSetting;
import dev.architect.setting.SettingKey;
import dev.architect.setting.Settings;
import dev.architect.setting.StoredSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia setting}: what is set for all nodes of a store in place of what each was configured with. */
@Command(
        name = "setting",
        description = {
            "Lists, sets and takes back what all nodes of a store go by, in place of what each was configured with.",
            "A running server follows within a second. The store is the one that the configuration names, or the database of a data directory."
        })
final class SettingCommand implements Runnable {

    private static final String AS_CONFIGURED = "as configured";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private SettingCommand() {}

    /** Returns the command with its subcommands. */
    static CommandLine with(Terminal terminal) {
        return new CommandLine(new SettingCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new GetCommand(terminal))
                .addSubcommand(new SetCommand(terminal))
                .addSubcommand(new UnsetCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia setting list}. */
    @Command(name = "list", description = "Lists the settings: what is set for all nodes, and the standard.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        /**
         * What there is.
         *
         * @param stored what is set
         * @param all every setting, with its standard
         */
        private record Read(StoredSettings stored, List<EffectiveSetting> all) {}

        @Override
        public Integer call() {
            Read read = data.operate(architect ->
                    new Read(architect.settings().stored(), architect.settings().effective()));
            Map<SettingKey, String> stored = read.stored().values();
            if (json) {
                read.all().forEach(each -> terminal.out().println(json(each, stored.get(each.key()))));
                return 0;
            }
            TextTable table = new TextTable("Setting", "All nodes", "Standard", "Is");
            read.all()
                    .forEach(each -> table.row(
                            each.key().word(),
                            stored.getOrDefault(each.key(), AS_CONFIGURED),
                            each.standard(),
                            each.key().description()));
            table.lines().forEach(terminal.out()::println);
            return 0;
        }

        private static String json(EffectiveSetting setting, @Nullable String value) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("name", setting.key().word());
            fields.put("description", setting.key().description());
            fields.put("value", value);
            fields.put("standard", setting.standard());
            return JsonText.write(fields);
        }
    }

    /** Something about one setting. */
    private abstract static class OneSetting implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        final ExistingData data = new ExistingData();

        @Parameters(index = "0", paramLabel = "NAME", description = "The name of the setting, such as retentionDone.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        OneSetting(Terminal terminal) {
            this.terminal = terminal;
        }

        final SettingKey key() {
            List<String> names =
                    Arrays.stream(SettingKey.values()).map(SettingKey::word).toList();
            return SettingKey.of(name)
                    .orElseThrow(() -> new CommandFailure("setting is '" + name + "', expected "
                            + DidYouMean.of(name, names)
                                    .map(nearest -> "'" + nearest + "'")
                                    .orElse("one of " + String.join(", ", names))));
        }

        final void change(UnaryOperator<StoredSettings> change) {
            try {
                data.operate(architect -> {
                    Settings settings = architect.settings();
                    return settings.change(change.apply(settings.stored()));
                });
            } catch (StaleDocumentException changed) {
                throw new CommandFailure("the settings were changed by another caller meanwhile; try again", changed);
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()), wrong);
            }
        }
    }

    /** {@code gaia setting get}. */
    @Command(
            name = "get",
            description =
                    "Prints what a setting is set to for all nodes; nothing when it is left to their configuration.")
    static final class GetCommand extends OneSetting {

        GetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            SettingKey key = key();
            String value = data.operate(architect -> architect.settings().stored())
                    .values()
                    .get(key);
            if (value == null) {
                terminal.err().println(key.word() + " is not set: each node goes by its own configuration.");
                return 0;
            }
            terminal.out().println(value);
            return 0;
        }
    }

    /** {@code gaia setting set}. */
    @Command(name = "set", description = "Sets a setting for all nodes.")
    static final class SetCommand extends OneSetting {

        @Parameters(
                index = "1",
                paramLabel = "VALUE",
                description = "A time such as 7d or 12h, or what 'gaia setting list' says of it.")
        @SuppressWarnings("NullAway.Init")
        private String value;

        SetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            SettingKey key = key();
            change(before -> before.with(key, value.strip()));
            terminal.out().println("setting " + key.word() + " is " + value.strip() + " on all nodes");
            return 0;
        }
    }

    /** {@code gaia setting unset}. */
    @Command(name = "unset", description = "Leaves a setting to the configuration of each node again.")
    static final class UnsetCommand extends OneSetting {

        UnsetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            SettingKey key = key();
            change(before -> {
                if (!before.values().containsKey(key)) {
                    throw new CommandFailure("setting " + key.word() + " is not set, expected one that is");
                }
                return before.without(key);
            });
            terminal.out().println("setting " + key.word() + " is " + AS_CONFIGURED + " again");
            return 0;
        }
    }
}
