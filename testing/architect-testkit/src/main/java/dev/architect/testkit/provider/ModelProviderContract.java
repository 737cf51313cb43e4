package dev.architect.testkit.provider;

import dev.architect.model.Capability;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.usage.UsageSource;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/**
 * What every provider must do, against a {@link dev.architect.simulator.ProviderSimulator} that speaks its vendor's
 * wire format. An adapter's test extends this class and says how to open the adapter; JUnit then runs every case against it.
 * Each case has a simulator of its own, so what the adapter really sent is read from the simulator's log. What a model lacks it
 * must refuse before anything is sent; no case is skipped.
 */
public abstract class ModelProviderContract {

    /** For subclasses. */
    protected ModelProviderContract() {}

    /** The provider's name. */
    protected abstract String provider();

    /**
     * The vendor whose wire format the simulator speaks to the adapter, one of {@link SimulatorScript#PROVIDERS}; the one named
     * as the provider unless a subclass says otherwise, as one for a compatible service must.
     */
    protected String dialect() {
        return provider();
    }

    /** A model that the simulator's standard script offers for this provider. */
    protected abstract String model();

    /**
     * The model that the cases of a feature ask: one that has it, if the vendor has one; {@link #model()} unless a subclass
     * knows better. A model that lacks the feature is held to refusing it.
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

    /** The simulator's behaviour; the standard script unless a subclass needs another one. */
    protected SimulatorScript script() {
        return SimulatorScript.standard();
    }

    /** Whether a call without a key is refused before it is made. */
    protected boolean needsKey() {
        return true;
    }

    /** Whether the probe tells a wrong key from a right one. */
    protected boolean probeChecksKey() {
        return true;
    }

    /** Whether the vendor reports tokens read from a cache. */
    protected boolean reportsCache() {
        return true;
    }

    /** Whether the vendor reports tokens of reasoning apart from those of the answer. */
    protected boolean reportsReasoning() {
        return true;
    }

    /** Whether the vendor states how long to wait when it limits the rate. */
    protected boolean statesRetryAfter() {
        return true;
    }

    /** Whether the vendor tells its rate limits with every reply. */
    protected boolean statesRateLimits() {
        return true;
    }

    /** Whether the vendor lists the models that this adapter calls. */
    protected boolean listsModels() {
        return true;
    }

    /** Whether a whole answer tells what the model thought, as its stream does; of some vendors only streams do. */
    protected boolean wholeAnswersTellReasoning() {
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
    class Tools extends ProviderToolCases {
        Tools() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Form extends ProviderStructuredOutputCases {
        Form() {
            super(ModelProviderContract.this);
        }
    }

    @Nested
    class Pictures extends ProviderMediaCases {
        Pictures() {
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
}
