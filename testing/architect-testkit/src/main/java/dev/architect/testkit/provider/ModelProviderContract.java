package dev.architect.testkit.provider;

import dev.architect.model.Capability;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import dev.architect.usage.UsageSource;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/**
 * What every provider must do, tested against a {@link dev.architect.simulator.ProviderSimulator} with its vendor's
 * wire format. An adapter's test extends this class and opens the adapter; JUnit then runs every case against it.
 * Each case has a simulator of its own, so what the adapter really sent is read from the simulator's log. Requests for missing
 * capabilities must be rejected before anything is sent; no case is skipped.
 */
public abstract class ModelProviderContract {

    /** For subclasses. */
    protected ModelProviderContract() {}

    /** The provider's name. */
    protected abstract String provider();

    /**
     * The vendor whose wire format the simulator uses, one of {@link SimulatorScript#PROVIDERS}; the one named
     * as the provider unless a subclass overrides it, as one for a compatible service must.
     */
    protected String dialect() {
        return provider();
    }

    /** A model that the simulator's standard script offers for this provider. */
    protected abstract String model();

    /**
     * The model for the cases of a feature: one that supports it, if the vendor has one; {@link #model()} unless a subclass
     * overrides it. For a model without the feature the cases check that requests for it are rejected.
     */
    protected String model(Capability feature) {
        return model();
    }

    /**
     * Opens the adapter. The case closes it.
     *
     * @param baseUrl where the simulator stands in for the vendor
     * @param secrets has the right key, a wrong one or none, under every name
     */
    protected abstract ModelProvider open(URI baseUrl, SecretSource secrets);

    /**
     * The settings with which the adapter's factory makes a provider of the kind that {@link #open} opens; {@code usual} unless a
     * subclass adds options.
     */
    protected ProviderSettings settings(ProviderSettings usual) {
        return usual;
    }

    /** The simulator's behaviour; the standard script unless a subclass needs another one. */
    protected SimulatorScript script() {
        return SimulatorScript.standard();
    }

    /** Whether a call without a key fails before it is sent. */
    protected boolean needsKey() {
        return true;
    }

    /** Whether the probe detects a wrong key. */
    protected boolean probeChecksKey() {
        return true;
    }

    /** Whether the vendor reports tokens read from a cache. */
    protected boolean reportsCache() {
        return true;
    }

    /** Whether the vendor reports reasoning tokens separately from those of the answer. */
    protected boolean reportsReasoning() {
        return true;
    }

    /** Whether the vendor states how long to wait when it limits the rate. */
    protected boolean statesRetryAfter() {
        return true;
    }

    /** Whether the vendor states its rate limits with every reply. */
    protected boolean statesRateLimits() {
        return true;
    }

    /** Whether the vendor lists the models that this adapter calls. */
    protected boolean listsModels() {
        return true;
    }

    /** Whether a whole answer includes the reasoning, as its stream does; with some vendors only streams do. */
    protected boolean wholeAnswersIncludeReasoning() {
        return true;
    }

    /** Whether a stream names the model that answers before its text; of some vendors only its end does. */
    protected boolean streamsBeginWithTheModel() {
        return true;
    }

    /** Where the counts of the vendor come from. */
    protected UsageSource usageSource() {
        return UsageSource.REPORTED;
    }

    @Nested
    class Answer extends ProviderAnswerCases {
        Answer() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Stream extends ProviderStreamCases {
        Stream() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Prefill extends ProviderPrefillCases {
        Prefill() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Tools extends ProviderToolCases {
        Tools() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class StructuredOutput extends ProviderStructuredOutputCases {
        StructuredOutput() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Media extends ProviderMediaCases {
        Media() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Reasoning extends ProviderReasoningCases {
        Reasoning() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Cache extends ProviderCacheCases {
        Cache() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Service extends ProviderServiceCases {
        Service() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Failure extends ProviderFailureCases {
        Failure() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Limits extends ProviderLimitCases {
        Limits() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Cancel extends ProviderCancelCases {
        Cancel() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Probe extends ProviderProbeCases {
        Probe() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Secrecy extends ProviderSecrecyCases {
        Secrecy() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Factory extends ProviderFactoryCases {
        Factory() {
            super(ModelProviderContract.this);
        }
    }
}
