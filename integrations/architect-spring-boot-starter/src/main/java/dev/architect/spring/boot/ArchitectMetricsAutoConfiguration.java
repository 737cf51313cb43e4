package dev.architect.spring.boot;

import dev.architect.Architect;
import dev.architect.micrometer.ArchitectGauges;
import dev.architect.micrometer.ArchitectMeters;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Meters of Architect in the host's registry. */
@AutoConfiguration(
        after = ArchitectAutoConfiguration.class,
        afterName = {
            // Spring Boot 3.5
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration",
            // Spring Boot 4
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "architect", name = "enabled", matchIfMissing = true)
@ConditionalOnClass({ArchitectMeters.class, MeterRegistry.class})
@ConditionalOnBean({Architect.class, MeterRegistry.class})
public class ArchitectMetricsAutoConfiguration {

    /** Counts and times; the {@code Architect} bean calls it, as every listener that is a bean. */
    @Bean
    @ConditionalOnMissingBean
    ArchitectMeters architectMeters(MeterRegistry registry) {
        return new ArchitectMeters(registry);
    }

    /** The state of the moment; Spring Boot binds it to the registry, as every binder that is a bean. */
    @Bean
    @ConditionalOnMissingBean
    ArchitectGauges architectGauges(Architect architect) {
        return new ArchitectGauges(architect);
    }
}
