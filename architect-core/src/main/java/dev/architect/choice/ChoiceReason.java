package dev.architect.choice;

/** What a choice between a cheap and a strong model rests on. The constants are stored: they are never renamed. */
public enum ChoiceReason {
    /** The score that a learned model gives the prompt. */
    LEARNED("by its learned score"),
    /** The length of the prompt on the scale of a learned model, because the prompt is of another kind than those that it was trained on. */
    LENGTH("by its length, because the prompt is of another kind than those learned from"),
    /** The number of characters of the prompt, because there is no learned model that can be used. */
    NO_MODEL("by its number of characters, because no learned model can be used"),
    /** The cheap model is always asked first, and its answer is checked by a learned model. */
    CASCADE("because its answer is checked before it is returned"),
    /** What online learning expects of each model. */
    BANDIT("because it did best with requests of this kind lately"),
    /** Online learning tries what it does not expect to be best, to go on learning. */
    EXPLORED("to learn how it does with requests of this kind");

    private final String description;

    ChoiceReason(String description) {
        this.description = description;
    }

    /** Renders it in English, as the rest of a sentence. */
    public String description() {
        return description;
    }
}
