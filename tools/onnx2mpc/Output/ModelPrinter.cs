using System.Globalization;

namespace PrivateInference.CommandLine.Output;

/// <summary>A model on one screen.</summary>
internal static class ModelPrinter
{
    public static void Print(ModelSummary summary)
    {
        Console.WriteLine($"model       {summary.Model}{(summary.Producer.Length > 0 ? $", by {summary.Producer}" : "")}");
        foreach (string input in summary.Inputs)
            Console.WriteLine($"input       {input}");
        foreach (string output in summary.Outputs)
            Console.WriteLine($"output      {output}");
        Console.WriteLine($"parameters  {Quantities.Count(summary.Parameters)}");
        Console.WriteLine($"mult-adds   {Quantities.Count(summary.MultiplyAccumulates)}");
        string kinds = string.Join(", ", summary.ComparisonsByKind.Select(k => $"{k.Key} {Quantities.Count(k.Value)}"));
        Console.WriteLine($"ReLUs       {Quantities.Count(summary.Relus)} (sign decisions an inference; they dominate the cost){(kinds.Length > 0 ? $": {kinds}" : "")}");
        Console.WriteLine();
        PrintLayers(summary);
        foreach (string warning in summary.Warnings)
            Console.WriteLine($"warning {warning}");
        Console.WriteLine();
        foreach (PassSuggestion suggestion in summary.SuggestedPasses)
            Console.WriteLine($"suggestion: --pass {suggestion.Pass} ({suggestion.Contract}) leaves {Quantities.Count(suggestion.RelusAfter)} of {Quantities.Count(suggestion.RelusBefore)} ReLUs");
        if (summary.Unsupported.Count == 0)
        {
            Console.WriteLine("Every operation can be executed securely.");
            return;
        }

        Console.WriteLine($"{summary.Unsupported.Count} operations cannot be executed securely:");
        foreach (string problem in summary.Unsupported)
            Console.WriteLine($"  {problem}");
    }

    private static void PrintLayers(ModelSummary summary)
    {
        int name = Math.Clamp(summary.Layers.Select(l => l.Name.Length).DefaultIfEmpty(4).Max(), 4, 40);
        int type = summary.Layers.Select(l => l.Output.Length).DefaultIfEmpty(6).Max();
        Console.WriteLine($"{"node".PadRight(name)}  {"operation",-12}{"output".PadRight(type)}{"mult-adds",14}{"ReLUs",12}  share");
        foreach (LayerSummary layer in summary.Layers)
        {
            string share = layer.Relus == 0 ? "" : (layer.Relus / (double)summary.Relus).ToString("P1", CultureInfo.InvariantCulture);
            Console.WriteLine($"{Shorten(layer.Name, name).PadRight(name)}  {layer.Operation,-12}{layer.Output.PadRight(type)}{Cell(layer.MultiplyAccumulates),14}{Cell(layer.Relus),12}  {share}");
        }
    }

    private static string Cell(long count) => count == 0 ? "" : Quantities.Count(count);

    private static string Shorten(string name, int width) => name.Length <= width ? name : "…" + name[^(width - 1)..];
}
