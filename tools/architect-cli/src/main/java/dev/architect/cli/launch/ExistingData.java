package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.spi.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that work on the database of a server or a demo, also while that runs. */
public final class ExistingData {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory; by default what the configuration names, or else .architect.")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    private @Nullable Path configuration;

    /**
     * Opens the store of the data directory. The caller closes it.
     *
     * @throws CommandFailure when there is no database in it
     */
    public Store open() {
        ArchitectSetup setup = SetupFactory.fromEnvironment(SetupFactory.configuration(configuration), data, null);
        if (!Files.exists(setup.database())) {
            throw new CommandFailure(setup.database() + " is not there, expected the database of a server or a demo");
        }
        return setup.openStore();
    }
}
