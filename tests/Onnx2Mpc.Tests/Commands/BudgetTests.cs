using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.Commands;

public sealed class BudgetTests
{
    [Fact]
    public void A_plan_over_its_cost_budgets_fails_and_names_steps_and_passes()
    {
        ToolResult result = Compile("--max-online-bytes", "0.1MB", "--max-online-rounds", "2", "--max-relus", "37759");

        Assert.Equal(ExitCodes.CheckFailed, result.ExitCode);
        Assert.Contains("at most 100,000 allowed", result.Error, StringComparison.Ordinal);
        Assert.Matches("online rounds: [0-9]+, at most 2", result.Error);
        Assert.Contains("37,760, at most 37,759", result.Error, StringComparison.Ordinal);
        Assert.Contains("partial-activation", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_contributor_comes_first()
    {
        string error = Compile("--max-relus", "10").Error;

        int first = error.IndexOf("/Relu (relu-maxpool, ot): 25,088, 66.4", StringComparison.Ordinal);
        Assert.InRange(first, 0, error.IndexOf("/Relu_1 (", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_a_budget_is_exceeded_nothing_is_written()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-budget-");
        try
        {
            Assert.Equal(ExitCodes.CheckFailed, CompileTo(folder.FullName, "--max-relus", "10").ExitCode);
            Assert.Empty(folder.GetFileSystemInfos());
            CompileTo(folder.FullName, "--max-relus", "37760", "--max-online-rounds", "80", "--max-online-bytes", "1GB").RequireSuccess();
            Assert.NotEmpty(folder.GetFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Removing every ReLU makes the sample model much worse; its calibration images have labels.</summary>
    [Fact]
    public void A_plan_that_lost_accuracy_fails_and_names_the_lossy_passes()
    {
        string data = Repository.Sample("calibration-images-idx3-ubyte.gz");
        ToolResult result = Compile("--calibrate", data, "--pass", "remove-activation:layers=*", "--min-accuracy", "0.8", "--max-accuracy-drop", "0.05");

        Assert.Equal(ExitCodes.CheckFailed, result.ExitCode);
        Assert.Contains("at least 80.0", result.Error, StringComparison.Ordinal);
        Assert.Contains("at most 5.0", result.Error, StringComparison.Ordinal);
        Assert.Contains("against labels", result.Error, StringComparison.Ordinal);
        Assert.Contains("remove-activation", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_labels_the_model_before_any_pass_is_the_measure()
    {
        // A copy of the images alone.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-unlabelled-");
        try
        {
            string data = Path.Combine(folder.FullName, "images.gz");
            File.Copy(Repository.Sample("calibration-images-idx3-ubyte.gz"), data);
            Compile("--calibrate", data, "--min-accuracy", "0.95", "--max-accuracy-drop", "0.05").RequireSuccess();
            ToolResult result = Compile("--calibrate", data, "--pass", "remove-activation:layers=*", "--min-accuracy", "0.95");
            Assert.Equal(ExitCodes.CheckFailed, result.ExitCode);
            Assert.Contains("there are no labels", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--min-accuracy", "0.9")]
    [InlineData("--max-accuracy-drop", "0.1")]
    [InlineData("--max-online-bytes", "many")]
    [InlineData("--max-online-bytes", "-5")]
    [InlineData("--max-relus", "-1")]
    public void A_limit_without_meaning_is_a_usage_error(string option, string value)
        => Assert.Equal(ExitCodes.Usage, Compile(option, value).ExitCode);

    private static ToolResult Compile(params string[] options)
        => CompileTo(Path.Combine(Path.GetTempPath(), "onnx2mpc-budget-tests"), options);

    private static ToolResult CompileTo(string folder, params string[] options)
        => ToolProcess.Run(["compile", Repository.Sample("fashion-mnist.onnx"), "-o", folder, .. options]);
}
