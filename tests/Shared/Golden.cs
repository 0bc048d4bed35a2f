using System.Runtime.CompilerServices;

namespace PrivateInference.Testing;

/// <summary>
/// Snapshots under <c>golden/</c>: text that a change to the compiler must not alter by accident.
/// <c>UPDATE_GOLDEN=1 dotnet test</c> rewrites them; the review of that diff is the test.
/// </summary>
internal static class Golden
{
    /// <param name="name">Path below <c>golden/</c>: <c>fashion-mnist/plan.txt</c>.</param>
    /// <param name="actual">The text of this build.</param>
    public static void Matches(string name, string actual)
    {
        string path = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Xunit.Assert.True(File.Exists(path), $"golden/{name} does not exist; UPDATE_GOLDEN=1 writes it.");
        string expected = File.ReadAllText(path);
        if (expected != actual)
            Xunit.Assert.Fail($"golden/{name} differs; UPDATE_GOLDEN=1 accepts the change.\n{Difference(expected.Split('\n'), actual.Split('\n'))}");
    }

    /// <summary>The first differing line with what surrounds it.</summary>
    private static string Difference(string[] expected, string[] actual)
    {
        int line = 0;
        while (line < expected.Length && line < actual.Length && expected[line] == actual[line])
            line++;
        IEnumerable<string> Lines(string[] lines, string mark) => lines.Skip(line).Take(5).Select(text => mark + text);
        return string.Join('\n', [
            $"line {line + 1} of {expected.Length} (now {actual.Length}):",
            .. expected.Take(line).TakeLast(3).Select(text => "  " + text),
            .. Lines(expected, "- "),
            .. Lines(actual, "+ "),
        ]);
    }

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = Root();

    private static string Folder() => Path.Combine(Repository, "golden");

    private static string Root([CallerFilePath] string source = "")
    {
        DirectoryInfo? folder = new(Path.GetDirectoryName(source)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PrivateInference.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
    }
}
