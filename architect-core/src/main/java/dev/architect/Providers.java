package dev.architect;

import dev.architect.route.ProviderStatus;
import dev.architect.spi.Router;
import java.util.List;

/** The providers of an {@link Architect}, as their calls showed them. Does not block; safe for use by several threads. */
public final class Providers {

    private final Router router;

    Providers(Router router) {
        this.router = router;
    }

    /** Returns how each provider stands. */
    public List<ProviderStatus> statuses() {
        return router.providers();
    }
}
