package dev.architect.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * What {@link ServiceLoader} finds of one kind of factory for the class loader of this thread's context. A factory that cannot be loaded is
 * among the failures: the others still work. Immutable.
 */
final class AdapterSearch<T> {

    /** Where a factory is listed that cannot even be located. */
    private static final String SERVICE_FILES = "META-INF/services";

    /** A broken class path ends the search rather than turning it into a loop. */
    private static final int MAX_ERRORS = 100;

    private final List<T> found = new ArrayList<>();
    private final Map<String, String> failures = new TreeMap<>();

    private AdapterSearch() {}

    static <T> AdapterSearch<T> of(Class<T> kind) {
        AdapterSearch<T> search = new AdapterSearch<>();
        // As a stream of providers: a factory that cannot be created then does not end the iteration.
        Iterator<ServiceLoader.Provider<T>> listed =
                ServiceLoader.load(kind).stream().iterator();
        while (search.failures.size() < MAX_ERRORS) {
            String place = SERVICE_FILES;
            try {
                if (!listed.hasNext()) {
                    break;
                }
                ServiceLoader.Provider<T> next = listed.next();
                place = next.type().getName();
                search.found.add(next.get());
            } catch (ServiceConfigurationError | LinkageError broken) {
                search.failures.merge(place, String.valueOf(broken.getMessage()), (one, other) -> one + "; " + other);
            }
        }
        return search;
    }

    /** The factories, in the order in which they are listed. */
    List<T> found() {
        return Collections.unmodifiableList(found);
    }

    /** Why a listed factory cannot be used, by the name of its class. */
    Map<String, String> failures() {
        return Collections.unmodifiableMap(failures);
    }
}
