using System.CommandLine;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;

namespace PrivateInference.Benchmarks.Rewrites;

/// <summary><c>bench rewrites</c>: what each committed recipe makes of the sample model, as docs/rewrites.md.</summary>
internal sealed class RewritesCommand
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "samples", "recipes");

    private readonly Option<string> _output = new("-o", "--output")
    {
        Description = "The document.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(Repository.Root, "docs", "rewrites.md"),
    };

    private readonly Option<int> _images = new("--images") { Description = "Test images that accuracy is measured on.", DefaultValueFactory = _ => 2000 };

    public static Command Create()
    {
        RewritesCommand rewrites = new();
        RootCommand command = new("Applies every recipe of samples/recipes to the sample model and writes docs/rewrites.md.") { rewrites._output, rewrites._images };
        command.SetAction(rewrites.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        RequireAllRecipes();
        Graph model = PassPipeline.Canonicalize(SingleSampleImporter.Import(Repository.Sample("fashion-mnist.onnx")).Graph);
        TensorType input = model.Inputs[0].Type;
        CalibrationData calibration = new([.. Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), input).Select(s => s.Input)]);
        TestImages images = TestImages.Open(input, parsed.GetValue(_images));
        RecipeMeter meter = new(model, calibration, images.Samples);

        RewritesDocument document = new(Measure(meter, "original", new Recipe([])), images.Description, calibration.Samples.Length);
        string text = document.Write([.. TechniqueCatalog.All.Select(t => (t, Measure(meter, t)))]);
        File.WriteAllText(parsed.GetRequiredValue(_output), text);
        Console.Error.WriteLine($"{parsed.GetRequiredValue(_output)} is written.");
        return 0;
    }

    private static IReadOnlyList<MeasuredRecipe> Measure(RecipeMeter meter, Technique technique)
        => [.. technique.Recipes.Select(name => Measure(meter, name, Recipe.Load(Path.Combine(s_folder, name + ".yaml"))))];

    private static MeasuredRecipe Measure(RecipeMeter meter, string name, Recipe recipe)
    {
        Console.Error.WriteLine($"Measuring {name}");
        return meter.Measure(name, recipe);
    }

    /// <summary>A recipe that nobody lists would be missing from the document without a word.</summary>
    private static void RequireAllRecipes()
    {
        IEnumerable<string> committed = Directory.EnumerateFiles(s_folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file));
        string[] missing = [.. committed.Except(TechniqueCatalog.All.SelectMany(t => t.Recipes), StringComparer.Ordinal)];
        if (missing.Length > 0)
            throw new InvalidOperationException($"TechniqueCatalog lists no technique for the recipes {string.Join(", ", missing)}.");
    }
}
