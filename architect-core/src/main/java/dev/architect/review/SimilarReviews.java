package dev.architect.review;

/**
 * What was decided about reviews of the same shape.
 *
 * @param approved how many were approved
 * @param denied how many were denied
 */
public record SimilarReviews(int approved, int denied) {}
