package dev.architect.cli.launch;

import dev.architect.Architect;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that work on the store of a server, a demo or a cluster, also while that runs. */
public final class ExistingData {

    private static final String NODE = "gaia";

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
     * Opens the store of the data directory, or the one that the configuration names. The caller closes it.
     *
     * @throws dev.architect.error.StoreException when there is none
     */
    public Store open() {
        return setup().openExistingStore();
    }

    /**
     * Opens the store as {@link #open}, and an Architect over it that performs no task and has no models; closes both after the operation.
     *
     * @throws dev.architect.error.StoreException when there is none
     */
    public <T> T operate(Function<Architect, T> operation) {
        return operate((providers, time) -> new NoModels(), operation);
    }

    /**
     * As {@link #operate(Function)}, with a router that knows the prices of the store and answers nothing.
     *
     * @throws dev.architect.error.StoreException when there is none
     */
    public <T> T operateWithPrices(Function<Architect, T> operation) {
        return operate(CostAwareRouter.with(RoutingPolicy.standard()), operation);
    }

    private <T> T operate(Router.Factory routers, Function<Architect, T> operation) {
        try (Architect architect = Architect.builder()
                .store(open())
                .router(routers)
                .nodeName(NODE)
                .withoutTaskExecution()
                .build()) {
            return operation.apply(architect);
        }
    }

    /** The data directory, whether it exists or not. */
    public Path directory() {
        return setup().dataDirectory();
    }

    private ArchitectSetup setup() {
        return SetupFactory.fromEnvironment(SetupFactory.configuration(configuration), data, null);
    }
}
