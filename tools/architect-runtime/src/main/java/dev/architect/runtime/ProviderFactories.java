package dev.architect.runtime;

import dev.architect.error.DidYouMean;
import dev.architect.spi.ModelProviderFactory;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The factories of the adapters that are there, by name. Immutable. */
final class ProviderFactories {

    private final Map<String, ModelProviderFactory> byName = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();

    private ProviderFactories() {}

    /**
     * Returns those that {@link ServiceLoader} finds for the class loader of this thread's context. One that cannot be loaded is
     * among {@link #failures()}: the other adapters still work.
     *
     * @throws IllegalStateException when two have one name
     */
    static ProviderFactories load() {
        AdapterSearch<ModelProviderFactory> search = AdapterSearch.of(ModelProviderFactory.class);
        ProviderFactories found = of(search.found());
        found.failures.putAll(search.failures());
        return found;
    }

    /**
     * Returns these and no others.
     *
     * @throws IllegalStateException when two have one name
     */
    static ProviderFactories of(Collection<? extends ModelProviderFactory> factories) {
        ProviderFactories given = new ProviderFactories();
        factories.forEach(given::add);
        return given;
    }

    private void add(ModelProviderFactory factory) {
        ModelProviderFactory earlier = byName.putIfAbsent(factory.name(), factory);
        if (earlier != null) {
            throw new IllegalStateException("adapter '" + factory.name() + "' is given by "
                    + earlier.getClass().getName() + " and by "
                    + factory.getClass().getName() + ", expected one");
        }
    }

    /** Whether there is an adapter of that name. */
    boolean has(String adapter) {
        return byName.containsKey(adapter);
    }

    /**
     * Returns the factory of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    ModelProviderFactory of(String adapter) {
        ModelProviderFactory factory = byName.get(adapter);
        if (factory == null) {
            throw new IllegalArgumentException("adapter is '" + adapter + "', " + expected(adapter));
        }
        return factory;
    }

    /** What to write in place of the unknown name {@code adapter}, for messages. */
    String expected(String adapter) {
        return DidYouMean.of(adapter, byName.keySet())
                .map(near -> "did you mean '" + near + "'?")
                .orElse("expected one of " + String.join(", ", byName.keySet()) + ", or its jar on the class path");
    }

    /** The names, in alphabetical order. */
    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Why a listed factory cannot be used, by the name of its class. */
    Map<String, String> failures() {
        return Collections.unmodifiableMap(failures);
    }
}
