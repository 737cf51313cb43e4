package dev.architect.testkit;

import org.junit.jupiter.api.Nested;

/**
 * {@link ModelProviderContract} with the cases of the whole vocabulary: tools, forms, media, reasoning, cache marks and services.
 * What a model lacks it must refuse before anything is sent; no case is skipped.
 */
public abstract class WholeProviderContract extends ModelProviderContract {

    /** For subclasses. */
    protected WholeProviderContract() {}

    @Nested
    class Tools extends ProviderToolCases {
        Tools() {
            super(WholeProviderContract.this);
        }
    }

    @Nested
    class Form extends ProviderFormCases {
        Form() {
            super(WholeProviderContract.this);
        }
    }

    @Nested
    class Pictures extends ProviderMediaCases {
        Pictures() {
            super(WholeProviderContract.this);
        }
    }

    @Nested
    class Reasoning extends ProviderReasoningCases {
        Reasoning() {
            super(WholeProviderContract.this);
        }
    }

    @Nested
    class Cache extends ProviderCacheCases {
        Cache() {
            super(WholeProviderContract.this);
        }
    }

    @Nested
    class Service extends ProviderServiceCases {
        Service() {
            super(WholeProviderContract.this);
        }
    }
}
