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
            - **ReLUs**: sign decisions of one inference of the rewritten graph, one for an element of a ReLU and k − 1 for a maximum
              over k; **in the plan**, of which the compiler merges some: it moves a ReLU behind its max pool by itself.
            - **Online, offline**: megabytes (10⁶) of one inference, both ways together, as the plan of the backend `gc`, the papers' setting, predicts
              them, or of `poly` where nothing compares. A comparison's bytes grow with the **ring bits**, of which the compiler takes as many as the sample inputs need,
              and a ReLU that shares its max pool's circuit adds little to it: fewer comparisons may be more bytes.
            - **Accuracy**: of the rewritten float model on {images}.
              **Corrected**: after the pass `recalibrate`, which fits the linear layers to the original's on sample inputs, at no
              secure cost. It lessens the squared error of the outputs; where little of the model is left, that may not help the accuracy.
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
        Line("| recipe | ReLUs | in the plan | ring bits | online MB | of the original's | offline MB | accuracy | corrected |");
        Line("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    }

    private void Row(MeasuredRecipe recipe)
    {
        _unsupported.UnionWith(recipe.Unsupported);
        string missing = recipe.Unsupported.Count == 0 ? "–" : "– ¹";
        Line(string.Join(
            " | ", $"| {recipe.Name}", Count(recipe.SignDecisions), recipe.PlannedDecisions is { } planned ? Count(planned) : missing,
            recipe.Cost is { } plan ? Count(plan.RingBits) : missing, Megabytes(recipe.Cost?.OnlineBytes) ?? missing,
            recipe.Cost is { } cost && original.Cost is { } whole ? Percent((double)cost.OnlineBytes / whole.OnlineBytes) : missing, Megabytes(recipe.Cost?.OfflineBytes) ?? missing,
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

    private static string? Megabytes(long? bytes) => (bytes / 1e6)?.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Percent(double part) => (100 * part).ToString("0.0", CultureInfo.InvariantCulture) + "%";
}
