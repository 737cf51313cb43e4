package dev.architect.benchmarks.router;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.EnumSet;
import java.util.Set;

/** A provider with every capability that is never called. */
record UncalledProvider(String name) implements ModelProvider {

    @Override
    public Set<Capability> capabilities(String model) {
        return EnumSet.allOf(Capability.class);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        throw new UnsupportedOperationException(name + " was called, expected a route and no call");
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        throw new UnsupportedOperationException(name + " was called, expected a route and no call");
    }

    @Override
    public ProviderHealth probe() {
        throw new UnsupportedOperationException(name + " was probed, expected a route and no call");
    }

    @Override
    public void close() {}
}
