/**
 * JSON as text: strict reading within limits, and writing. For what Architect itself stores and exchanges; core has no JSON
 * library, so that none reaches the class path of every host.
 */
@NullMarked
package dev.architect.json;

import org.jspecify.annotations.NullMarked;
