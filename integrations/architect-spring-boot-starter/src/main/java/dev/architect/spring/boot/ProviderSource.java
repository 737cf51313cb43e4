package dev.architect.spring.boot;

import dev.architect.spi.ModelProvider;
import java.util.List;
import java.util.Set;

/** Providers made of beans that belong to another library. */
interface ProviderSource {

    /** The names of the beans that are models. */
    Set<String> beanNames();

    /** Makes the providers; called once, and the caller closes them. */
    List<ModelProvider> create();
}
