package dev.architect.spring.boot;

import dev.architect.ArchitectBuilder;

/** Changes how the {@code Architect} bean is built, for what has no property. Beans of this type are called in their order. */
@FunctionalInterface
public interface ArchitectBuilderCustomizer {

    /** Called once, after everything else was set. The builder is not to be built here. */
    void customize(ArchitectBuilder builder);
}
