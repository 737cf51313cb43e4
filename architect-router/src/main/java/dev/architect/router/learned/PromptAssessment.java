package dev.architect.router.learned;

/**
 * What a model says of a prompt.
 *
 * @param score ranks prompts: one with a higher score needs the strong model more
 * @param learnedScore the score without the fall-back: equal to {@code score} for a familiar prompt
 * @param isFamiliar whether the prompt is of the kind that the model was trained on; otherwise its score is its length, on the scale of the
 *     scores
 * @param weakIsWrong the probability that the weak model's answer is wrong, or for outcomes between 0 and 1 what its quality lacks to 1
 */
public record PromptAssessment(double score, double learnedScore, boolean isFamiliar, double weakIsWrong) {}
