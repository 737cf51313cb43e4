package dev.architect.control;

import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What may be changed about a router while it runs, implemented by routers that can. What it is given takes the place of what it was given before,
 * or is refused as a whole: then everything stays as it is. Nothing is kept beyond the end of the process; {@code Architect.routing()} does that. A request
 * that has begun ends as it began. Safe for use by several threads.
 */
public interface RouterControl {

    /** The policy that the router was started with, and that its file holds now. May read the file. */
    OwnPolicy ownPolicy();

    /** Names the policy that is in force as records of decisions do, the settings of models included. Does not block. */
    String policyVersion();

    /** Returns what is wrong with the text of a policy, in the order of its lines; empty when it could be followed. Changes nothing. */
    List<FileProblem> check(String policy);

    /**
     * Follows the text of a policy from now on, whatever the router's own file says.
     *
     * @param policy its text; empty for the router's own policy again
     * @throws InvalidFileException with everything that is wrong with it
     * @throws IllegalArgumentException when the settings of models do not go with it
     */
    void followPolicy(Optional<String> policy);

    /** The models of the policy, those that are switched off included, in its order. Does not block. */
    List<ConfiguredModel> models();

    /**
     * Changes models from now on; those that are not named are as the policy has them. Settings of models and providers that the router does not know
     * wait until it does.
     *
     * @throws IllegalArgumentException when a value is out of range, or the policy does not go with it
     */
    void setModels(List<ModelSetting> settings);

    /** Asks each provider which models it has, one after the other. Blocks as long as they do, {@code timeout} each at most. */
    List<ListedModels> listModels(Duration timeout);

    /** The prices that calls get now, and where they come from. Does not block. */
    PriceStatus prices();

    /**
     * Returns the prices that a text stands for: one entry of a price file, as JSON or YAML. Changes nothing.
     *
     * @throws InvalidFileException with everything that is wrong with it
     */
    List<Price> parsePrices(String entry);

    /**
     * Returns the catalogue that a text stands for: a price file. Changes nothing.
     *
     * @throws InvalidFileException with everything that is wrong with it
     */
    PriceCatalogue parseCatalogue(String file);

    /**
     * Puts prices on top of all others from now on, also of those that are refreshed later.
     *
     * @param version names them in the ledger beside the version of the catalogue; 1 to 40 characters. Not read when there are none
     * @param prices for the models and times that they name, only they count; empty for none
     * @throws IllegalArgumentException when two of them claim the same call
     */
    void setPrices(String version, List<Price> prices);

    /**
     * Asks the source of prices now. Blocks as long as it does.
     *
     * @return whether there were others than before
     * @throws UnsupportedOperationException when there is no source
     * @throws PriceSourceException when it failed; the prices stay as they are
     * @throws InterruptedException when the thread is interrupted
     */
    boolean refreshPrices() throws InterruptedException;
}
