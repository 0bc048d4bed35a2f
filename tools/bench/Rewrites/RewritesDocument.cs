using System.Globalization;
using System.Text;

namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>docs/rewrites.md: an introduction to each technique, and a table of what its recipes save and cost.</summary>
internal sealed class RewritesDocument(MeasuredRecipe original, string images, int calibrationImages)
{
    private readonly StringBuilder _text = new();
    private readonly SortedSet<string> _unsupported = new(StringComparer.Ordinal);

    public string Write(IEnumerable<(Technique Technique, IReadOnlyList<MeasuredRecipe> Recipes)> sections)
    {
        Line("# What the rewrites save, and what they cost");
        Line();
        Line($"""
            Written by `./build.sh rewrites`. Every recipe of `samples/recipes` is applied to the sample model
            `samples/fashion-mnist/fashion-mnist.onnx` **without training**. The papers train or fine-tune after a rewrite and lose
            less; `onnx2mpc export` writes the rewritten model for that. To apply a recipe:

                onnx2mpc compile fashion-mnist.onnx -o out --recipe samples/recipes/NAME.yaml --pass recalibrate --calibrate DATA
            """);
        Line();
        Line($"""
            - **Sign decisions**: comparisons of one inference, by the rewritten graph: one for an element of a ReLU, k − 1 for a maximum over k.
            - **Online, offline**: megabytes (10⁶) of one inference, both ways together, as the plan of the default backend predicts them. The compiler
              moves a ReLU behind its max pool by itself.
            - **Accuracy** of the rewritten float model on {images}; **corrected**: after the pass `recalibrate`, which fits the
              linear layers to the original's on sample inputs, at no secure cost.
            - Passes and compiler were given the {Count(calibrationImages)} calibration images of the sample, which are training images.
            """);
        Line();
        Header();
        Row(original);
        foreach ((Technique technique, IReadOnlyList<MeasuredRecipe> recipes) in sections)
        {
            Line();
            Line($"## {technique.Title}");
            Line();
            Line(technique.Introduction);
            Line();
            Header();
            foreach (MeasuredRecipe recipe in recipes)
                Row(recipe);
        }

        Footnote();
        return _text.ToString();
    }

    private void Header()
    {
        Line("| recipe | sign decisions | of the original's | online MB | of the original's | offline MB | accuracy | corrected |");
        Line("|---|---:|---:|---:|---:|---:|---:|---:|");
    }

    private void Row(MeasuredRecipe recipe)
    {
        _unsupported.UnionWith(recipe.Unsupported);
        string missing = recipe.Unsupported.Count == 0 ? "–" : "– ¹";
        Line(string.Join(
            " | ", $"| {recipe.Name}", Count(recipe.SignDecisions), Part(recipe.SignDecisions, original.SignDecisions), Megabytes(recipe.Cost?.OnlineBytes) ?? missing,
            recipe.Cost is { } cost && original.Cost is { } whole ? Part(cost.OnlineBytes, whole.OnlineBytes) : missing, Megabytes(recipe.Cost?.OfflineBytes) ?? missing,
            Percent(recipe.Accuracy), $"{Percent(recipe.CorrectedAccuracy)} |"));
    }

    private void Footnote()
    {
        if (_unsupported.Count == 0)
            return;
        Line();
        Line($"¹ The default backend has no protocol yet for: {string.Join(", ", _unsupported)}.");
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Part(long value, long whole) => Percent((double)value / whole);

    private static string? Megabytes(long? bytes) => (bytes / 1e6)?.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Percent(double part) => (100 * part).ToString("0.0", CultureInfo.InvariantCulture) + "%";
}
