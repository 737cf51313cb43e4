package dev.architect.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with the configuration, and what to do about it, in place of a stack trace. */
final class ArchitectFailureAnalyzer extends AbstractFailureAnalyzer<ArchitectConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ArchitectConfigurationException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
