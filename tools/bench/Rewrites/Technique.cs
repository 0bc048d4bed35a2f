using System.Collections.Immutable;

namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>A section of the document: a technique of a paper and the recipes that apply it.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Introduction">Markdown: what it does, and the paper and section it comes from.</param>
/// <param name="Recipes">Names of files in samples/recipes, without their ending.</param>
internal sealed record Technique(string Title, string Introduction, ImmutableArray<string> Recipes);
