package dev.architect.runtime;

import dev.architect.cluster.Cluster;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Router;
import dev.architect.spi.TimeSource;
import java.util.List;

/**
 * Makes routers that share with other nodes what they know of the health of models.
 *
 * @param factory makes them
 * @param cluster passes it on
 */
record SharedHealthRouter(Router.Factory factory, Cluster cluster) implements Router.Factory {

    @Override
    public Router create(List<ModelProvider> providers, TimeSource time) {
        return shared(factory.create(providers, time));
    }

    @Override
    public Router create(Router.Parts parts) {
        return shared(factory.create(parts));
    }

    private Router shared(Router made) {
        cluster.shareHealth(made::healthHints, made::acceptHints);
        return made;
    }
}
