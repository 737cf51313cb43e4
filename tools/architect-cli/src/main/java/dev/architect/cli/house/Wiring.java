package dev.architect.cli.house;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Store;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the parts together. */
public final class Wiring {

    private Wiring() {}

    /** Reads a policy file; null means the standard policy. */
    public static RoutingPolicy policy(@Nullable Path file) {
        return file == null ? RoutingPolicy.standard() : RoutingPolicy.load(file);
    }

    /** Returns a builder of an Architect that owns {@code store} and {@code providers}. */
    public static ArchitectBuilder architect(Store store, RoutingPolicy policy, List<ModelProvider> providers) {
        ArchitectBuilder builder =
                Architect.builder().store(store).nodeName("gaia").router(CostAwareRouter.with(policy));
        providers.forEach(builder::provider);
        return builder;
    }
}
