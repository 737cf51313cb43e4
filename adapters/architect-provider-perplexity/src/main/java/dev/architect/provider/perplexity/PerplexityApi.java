package dev.architect.provider.perplexity;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.Set;

/** One of the two formats that Perplexity has had. Calls that reach it need nothing that the model lacks. */
interface PerplexityApi {

    Set<Capability> capabilities(String model);

    /** Whether the service lists the models that answer in this format. */
    boolean listsModels();

    ProviderAnswer chat(ProviderCall call);

    ProviderAnswer stream(ProviderCall call, ChatListener listener);
}
