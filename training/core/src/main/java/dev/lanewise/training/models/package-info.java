/**
 * The networks of the article as short recipes.
 */
@NullMarked
package dev.lanewise.training.models;

import org.jspecify.annotations.NullMarked;
